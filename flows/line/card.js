/** A flex message as LINE lays it out, for whatever page shows one: the phone, the console.
 *
 * Texts are only ever text, and every look is set by property, as pages without inline styles need
 * it. Pictures are not fetched from elsewhere: they are named in a frame of their shape.
 * Messaging API reference, "Flex Message"; sizes as LINE's own simulator shows them, 2026-11.
 *
 * @typedef {Record<string, any>} Part a component, as in LINE's JSON
 * @typedef {(action: Part) => void} Act what a tap does
 */

/** @type {Record<string, number>} */
const FONT = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, '3xl': 35, '4xl': 48, '5xl': 74 };
/** @type {Record<string, number>} */
const SPACE = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
/** @type {Record<string, number>} */
const BORDER = { none: 0, light: 0.5, normal: 1, 'semi-bold': 2, medium: 3, bold: 4 };
/** @type {Record<string, number>} */
const WIDTH = { nano: 120, micro: 160, deca: 220, hecto: 241, kilo: 260, mega: 300, giga: 360 };
/** @type {Record<string, number>} */
const PICTURE = { xxs: 40, xs: 60, sm: 80, md: 100, lg: 120, xl: 140, xxl: 160, '3xl': 180, '4xl': 200, '5xl': 220 };
/** @type {Record<string, string>} */
const ALIGN = { start: 'flex-start', end: 'flex-end', center: 'center', top: 'flex-start', bottom: 'flex-end' };
const SIDES = ['Top', 'Bottom', 'Start', 'End'];
/** @type {Record<string, string>} */
const PADDED = { header: '20px', body: '20px', footer: '10px' };
const LINE_COLOR = '#d4d6da';

/** What stands on the phone for LINE's `contents`.
 * @param {Part} contents
 * @param {Act} act
 * @returns {HTMLElement}
 */
export function drawCard(contents, act) {
  if (contents.type === 'bubble') return drawBubble(contents, act);
  const made = element('div', { display: 'flex', gap: '8px', overflowX: 'auto', maxWidth: '100%' });
  made.append(...contents.contents.map((/** @type {Part} */ bubble) => drawBubble(bubble, act)));
  return made;
}

/** @param {Part} bubble @param {Act} act */
function drawBubble(bubble, act) {
  const made = element('div', {
    width: `${WIDTH[bubble.size] ?? WIDTH.mega}px`,
    maxWidth: '100%',
    flex: 'none',
    display: 'flex',
    flexDirection: 'column',
    background: '#fff',
    color: '#111',
    borderRadius: '17px',
    overflow: 'hidden',
    textAlign: 'start',
  });
  if (bubble.direction) made.dir = bubble.direction;
  for (const block of ['header', 'hero', 'body', 'footer']) {
    if (bubble[block]) made.append(drawBlock(bubble, block, act));
  }
  return tappable(made, bubble.action, act);
}

/** @param {Part} bubble @param {string} block @param {Act} act */
function drawBlock(bubble, block, act) {
  const part = bubble[block];
  const made = draw(part, 'vertical', act);
  const padding = PADDED[block];
  if (part.type === 'box' && part.paddingAll === undefined && padding) made.style.padding = padding;
  if (block === 'body') made.style.flex = '1 0 auto';
  const look = bubble.styles?.[block] ?? {};
  if (look.backgroundColor) made.style.background = look.backgroundColor;
  if (look.separator) made.style.borderTop = `1px solid ${look.separatorColor ?? LINE_COLOR}`;
  return made;
}

/** @type {Record<string, (part: Part, act: Act) => HTMLElement>} */
const DRAWN = {
  box: drawBox,
  text: drawText,
  button: drawButton,
  image: (part) => drawPicture(part, '画像'),
  video: (part) => drawPicture(part, '動画'),
  icon: drawIcon,
  separator: (part) => element('span', { background: part.color ?? LINE_COLOR, flex: '0 0 1px' }),
  filler: () => element('span', {}),
};

/** One component in its box.
 * @param {Part} part
 * @param {string} layout of the box around it
 * @param {Act} act
 */
function draw(part, layout, act) {
  const made = DRAWN[part.type]?.(part, act) ?? element('span', {});
  place(made.style, part, layout !== 'vertical');
  return part.type === 'button' ? made : tappable(made, part.action, act);
}

/** @param {CSSStyleDeclaration} style @param {Part} part @param {boolean} isRow */
function place(style, part, isRow) {
  if (part.flex !== undefined) style.flex = part.flex === 0 ? 'none' : `${part.flex} 1 0`;
  else if (isRow && ['box', 'text', 'button', 'image', 'filler'].includes(part.type)) style.flex = '1 1 0';
  if (part.margin) style[isRow ? 'marginInlineStart' : 'marginTop'] = measure(part.margin, SPACE);
  if (part.gravity && isRow) style.alignSelf = ALIGN[part.gravity] ?? '';
  if (part.position === 'absolute') style.position = 'absolute';
  else if (SIDES.some((side) => part[`offset${side}`])) style.position = 'relative';
  if (part.offsetTop) style.top = measure(part.offsetTop, SPACE);
  if (part.offsetBottom) style.bottom = measure(part.offsetBottom, SPACE);
  if (part.offsetStart) style.insetInlineStart = measure(part.offsetStart, SPACE);
  if (part.offsetEnd) style.insetInlineEnd = measure(part.offsetEnd, SPACE);
}

/** @param {Part} box @param {Act} act */
function drawBox(box, act) {
  const isRow = box.layout !== 'vertical';
  const made = element('div', {
    display: 'flex',
    flexDirection: isRow ? 'row' : 'column',
    alignItems: box.layout === 'baseline' ? 'baseline' : (box.alignItems ?? ''),
    justifyContent: box.justifyContent ?? '',
    gap: measure(box.spacing ?? 'none', SPACE),
    background: backgroundOf(box),
    borderRadius: measure(box.cornerRadius ?? 'none', SPACE),
    position: 'relative',
    minWidth: '0',
  });
  for (const side of ['width', 'maxWidth', 'height', 'maxHeight']) {
    if (box[side]) made.style.setProperty(side.replace('W', '-w').replace('H', '-h'), box[side]);
  }
  if (box.width || box.height) made.style.flex = 'none';
  if (box.borderWidth || box.borderColor) {
    const width = measure(box.borderWidth ?? 'normal', BORDER);
    made.style.border = `${width} solid ${box.borderColor ?? LINE_COLOR}`;
  }
  pad(made.style, box);
  made.append(...(box.contents ?? []).map((/** @type {Part} */ part) => draw(part, box.layout, act)));
  return made;
}

/** @param {CSSStyleDeclaration} style @param {Part} box */
function pad(style, box) {
  if (box.paddingAll) style.padding = measure(box.paddingAll, SPACE);
  if (box.paddingTop) style.paddingTop = measure(box.paddingTop, SPACE);
  if (box.paddingBottom) style.paddingBottom = measure(box.paddingBottom, SPACE);
  if (box.paddingStart) style.paddingInlineStart = measure(box.paddingStart, SPACE);
  if (box.paddingEnd) style.paddingInlineEnd = measure(box.paddingEnd, SPACE);
}

/** @param {Part} box */
function backgroundOf({ background, backgroundColor }) {
  if (background?.type !== 'linearGradient') return backgroundColor ?? '';
  const { angle, startColor, centerColor, centerPosition, endColor } = background;
  const middle = centerColor ? `, ${centerColor} ${centerPosition ?? '50%'}` : '';
  return `linear-gradient(${angle}, ${startColor}${middle}, ${endColor})`;
}

/** @param {Part} part */
function drawText(part) {
  const made = element('div', { ...letters(part), minWidth: '0', textAlign: part.align ?? '' });
  if (part.lineSpacing) made.style.lineHeight = `calc(1.4em + ${part.lineSpacing})`;
  if (part.contents?.length) {
    made.append(...part.contents.map((/** @type {Part} */ span) => drawSpan(span)));
  } else made.textContent = part.text ?? '';
  const lines = part.wrap ? part.maxLines : 1;
  if (part.wrap) Object.assign(made.style, { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' });
  if (!lines) return made;
  const cut = { display: '-webkit-box', webkitBoxOrient: 'vertical', webkitLineClamp: `${lines}` };
  Object.assign(made.style, { ...cut, overflow: 'hidden', wordBreak: part.wrap ? '' : 'break-all' });
  return made;
}

/** @param {Part} span */
function drawSpan(span) {
  const made = element('span', letters(span, ''));
  made.textContent = span.text ?? '';
  return made;
}

/** How a text is written; a span without a size has that of the text around it.
 * @param {Part} part
 */
function letters(part, usual = 'md') {
  const size = part.size ?? usual;
  return {
    fontSize: size ? measure(size, FONT) : '',
    lineHeight: '1.4',
    color: part.color ?? '',
    fontWeight: part.weight === 'bold' ? '700' : '',
    fontStyle: part.style === 'italic' ? 'italic' : '',
    textDecoration: part.decoration ?? '',
  };
}

/** @param {Part} part @param {Act} act */
function drawButton(part, act) {
  const isLink = part.style === undefined || part.style === 'link';
  const isMain = part.style === 'primary';
  const made = element('button', {
    border: '0',
    borderRadius: '8px',
    width: '100%',
    cursor: 'pointer',
    fontSize: '16px',
    fontWeight: '600',
    minHeight: part.height === 'sm' ? '40px' : '52px',
    padding: '0 16px',
    color: isMain ? '#fff' : isLink ? (part.color ?? '#42659a') : '#111',
    background: isLink ? 'none' : (part.color ?? (isMain ? '#17c950' : '#dcdfe5')),
  });
  made.setAttribute('type', 'button');
  made.textContent = part.action?.label ?? '';
  made.onclick = () => act(part.action);
  return made;
}

/** A picture's frame in its shape, with what it is and its address to be read.
 * @param {Part} part
 * @param {string} name
 */
function drawPicture(part, name) {
  const size = part.size ?? (part.type === 'video' ? 'full' : 'md');
  const made = element('div', {
    width: size === 'full' ? '100%' : measure(size, PICTURE),
    maxWidth: '100%',
    alignSelf: ALIGN[part.align] ?? 'center',
    aspectRatio: (part.aspectRatio ?? '1:1').replace(':', ' / '),
    display: 'grid',
    placeItems: 'center',
    background: part.backgroundColor ?? '#eceff3',
    color: '#5b6068',
    fontSize: '12px',
  });
  made.textContent = name;
  made.title = part.url ?? '';
  return made;
}

/** @param {Part} part */
function drawIcon(part) {
  const side = measure(part.size ?? 'md', FONT);
  const made = element('span', { width: side, height: side, flex: 'none', borderRadius: '50%', background: '#b7bcc4' });
  made.title = part.url ?? '';
  return made;
}

/** Whatever has an action can be tapped, also from the keyboard.
 * @param {HTMLElement} made
 * @param {Part | undefined} action
 * @param {Act} act
 */
function tappable(made, action, act) {
  if (action === undefined) return made;
  made.style.cursor = 'pointer';
  made.tabIndex = 0;
  made.setAttribute('role', 'button');
  if (action.label) made.setAttribute('aria-label', action.label);
  made.onclick = (event) => {
    event.stopPropagation();
    act(action);
  };
  made.onkeydown = (event) => {
    if (event.key === 'Enter' || event.key === ' ') made.click();
  };
  return made;
}

/** A named size, or one with its unit.
 * @param {string} size
 * @param {Record<string, number>} named
 */
function measure(size, named) {
  return named[size] === undefined ? size : `${named[size]}px`;
}

/** @param {string} name @param {Record<string, string>} look */
function element(name, look) {
  const made = document.createElement(name);
  Object.assign(made.style, look);
  return made;
}
