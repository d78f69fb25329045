/** What a test sees of a page for who cannot see it, or sees it otherwise. One object of eyes. */
{
  /** What is focused: what it is, whether it can be seen, and whether something lies over it. */
  stop: () => {
  const one = document.activeElement;
  if (one === document.body || one === null) return null;
  window.__stops ??= new Map();
  if (!window.__stops.has(one)) window.__stops.set(one, window.__stops.size);
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const around = one.closest('.field, .box, label') ?? one;
  const rings = [one, around].some(each => {
    const its = getComputedStyle(each);
    return (its.outlineStyle !== 'none' && parseFloat(its.outlineWidth) > 0) || its.boxShadow !== 'none';
  });
  const points = [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]].map(([x, y]) =>
    document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
  const isSeen = points.some(at => at !== null && (one.contains(at) || at.contains(one)
    || at.closest('label')?.contains(one)));
  return { id: window.__stops.get(one), isSeen, hasRing: rings || one.shadowRoot !== null,
    what: one.tagName + ' ' + (one.getAttribute('aria-label') ?? one.innerText ?? one.name ?? '').slice(0, 40)
      + ' ' + Math.round(box.left) + ',' + Math.round(box.top),
    isInDialog: one.closest('dialog') !== null, order: one.tabIndex,
    isEditor: one.shadowRoot !== null,
    hasParts: one.shadowRoot !== null || ['date', 'time', 'datetime-local'].includes(one.type) };
},
  /** What is pressed and smaller than 24 pixels, but for words in a text (WCAG 2.5.8). */
  tooSmall: () => {
  const all = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, [role=option], [role=tab], summary')]
    .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.closest('[inert], .cm-editor, .svelte-flow')
      && (document.querySelector('dialog:modal')?.contains(one) ?? true));
  const boxOf = one => {
    const label = one.closest('label');
    const own = one.getBoundingClientRect();
    return label && ['checkbox', 'radio'].includes(one.type) ? label.getBoundingClientRect() : own;
  };
  const isInText = one => getComputedStyle(one).display === 'inline' && one.parentElement.innerText.trim() !== one.innerText.trim();
  return all.filter(one => !isInText(one)).flatMap(one => {
    const { width, height } = boxOf(one);
    const isHidden = width <= 1 || height <= 1 || one.closest('.visually-hidden') !== null;
    return isHidden || (width >= 23.5 && height >= 23.5) ? []
      : [`${one.tagName} ${(one.getAttribute('aria-label') ?? one.innerText ?? '').slice(0, 30)} .${one.className} ${width.toFixed(1)}x${height.toFixed(1)}`];
  });
},
  /** What lies outside of the page, or has lost a part of its words. */
  cutOff: () => {
  const isScrolled = one => {
    for (let up = one.parentElement; up; up = up.parentElement) {
      const { overflowX } = getComputedStyle(up);
      if (['auto', 'scroll'].includes(overflowX) && up.scrollWidth > up.clientWidth) return true;
    }
    return false;
  };
  const shown = [...document.querySelectorAll('a[href], button, input, select, textarea, h1, h2, h3, p, label')]
    .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.visually-hidden, .svelte-flow, .cm-editor, .skips'))
    .filter(one => document.querySelector('dialog:modal')?.contains(one) ?? true);
  const away = shown.filter(one => {
    const { left, right, width } = one.getBoundingClientRect();
    const isHidden = width <= 1 || getComputedStyle(one).clipPath !== 'none';
    return !isHidden && !isScrolled(one) && (left < -1 || right > innerWidth + 1);
  });
  const cut = shown.filter(one => one.matches('button, .btn, .link') && !isScrolled(one)
    && getComputedStyle(one).overflow !== 'visible' && one.scrollWidth > one.clientWidth + 1
    && getComputedStyle(one).textOverflow !== 'ellipsis');
  const page = document.scrollingElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [];
  return [...page, ...[...away, ...cut].map(one => `${one.tagName} ${one.innerText?.slice(0, 30)} .${one.className}`)];
},
  /** What would move. */
  moving: () => [...document.querySelectorAll('*')].flatMap(one => {
  const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(one);
  const moves = (animationName !== 'none') || transitionDuration.split(', ').some(each => parseFloat(each) > 0)
    || scrollBehavior === 'smooth';
  return moves ? [one.tagName + '.' + one.className] : [];
}),
  /** What is chosen or current, and told by a background alone, which forced colours take away. */
  lostInForcedColours: () => [...document.querySelectorAll(
      '[aria-current="true"], [aria-current="page"], [aria-selected="true"], [aria-pressed="true"]')]
    .filter(one => one.checkVisibility({ visibilityProperty: true }))
    .filter(one => {
      const { outlineStyle, borderStyle, fontWeight, textDecorationLine } = getComputedStyle(one);
      return outlineStyle === 'none' && borderStyle === 'none' && Number(fontWeight) < 600
        && textDecorationLine === 'none';
    })
    .map(one => `${one.tagName} ${one.innerText.slice(0, 30)} .${one.className}`),
}
