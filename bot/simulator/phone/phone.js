/** The phone: what customers see of LINE, several of them side by side. Texts are only ever text. */

import { drawCard } from './card.js';

const known = await fetch('/phone/stickers.json').then((answer) => answer.json());

const phones = document.querySelector('#phones');
const api = async (method, path, body) => {
  const answer = await fetch(`/sim/v1/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return answer.json();
};

let friends = [];
let accounts = [];
const columns = [];

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

const clock = (ms) =>
  new Date(ms).toLocaleTimeString('ja-JP', { hour: '2-digit', minute: '2-digit' });

const THINGS = {
  sticker: (message) => `スタンプ:${stickerWords(message)}`,
  image: (message) => `写真${message.originalContentUrl ? `:${message.originalContentUrl}` : ''}`,
  video: () => '動画',
  audio: () => '音声',
  location: (message) => `場所:${message.title ?? message.address ?? ''}`,
  file: (message) => `ファイル:${message.fileName ?? ''}`,
};

const stickerWords = (message) => message.keywords?.[0] ?? stickerName(message);

/** What our list has of a sticker: LINE's picture of it is not fetched. */
function stickerName({ packageId, stickerId }) {
  const pack = known.packages.find((one) => one.id === packageId);
  if (pack === undefined) return '';
  const at = Number(stickerId) - pack.first;
  return known.words[pack.words]?.[at]?.[0] ?? `${pack.ja} ${at + 1}`;
}

/** What stands in a bubble; unknown kinds are named, never guessed. */
function body(message, act) {
  if (message.type === 'text') return withLinks(message.text);
  if (message.type === 'template') return templateBody(message, act);
  if (message.type === 'flex') return drawCard(message.contents, act);
  if (message.type === 'image' && isBeside(message.previewImageUrl)) return picture(message);
  if (message.type === 'sticker') return sticker(message);
  if (isBeside(message.originalContentUrl) && message.type in PLAYERS) return player(message);
  const words = THINGS[message.type]?.(message) ?? message.altText ?? message.type;
  return element('div', 'bubble thing', words);
}

/** Pictures from this machine are shown; others are named, as nothing is fetched from elsewhere. */
const isBeside = (url) => /^http:\/\/(127\.0\.0\.1|localhost):/.test(url ?? '');

function picture(message) {
  const made = element('a', 'bubble picture');
  made.href = message.originalContentUrl;
  made.target = '_blank';
  made.rel = 'noopener noreferrer';
  const image = element('img');
  image.src = message.previewImageUrl;
  image.alt = '写真';
  made.append(image);
  return made;
}

function sticker(message) {
  const made = element('div', 'bubble sticker');
  made.append(element('b', '', 'スタンプ'), element('span', '', stickerWords(message)));
  return made;
}

const PLAYERS = { video: '動画', audio: '音声' };

/** A film or a sound, with what stands for it until it plays. */
function player(message) {
  const made = element('div', 'bubble picture');
  const media = element(message.type);
  media.controls = true;
  media.preload = 'metadata';
  media.src = message.originalContentUrl;
  if (message.type === 'video') media.poster = message.previewImageUrl;
  media.setAttribute('aria-label', PLAYERS[message.type]);
  made.append(media);
  return made;
}

/** What an answer quotes, above it. */
function quoted(message) {
  const words = message.text ?? THINGS[message.type]?.(message) ?? message.altText ?? '';
  return element('div', 'quoted', words);
}

/** Addresses can be opened, as in LINE; all the rest is text. */
function withLinks(text) {
  const made = element('div', 'bubble');
  for (const [index, part] of text.split(/(https?:\/\/[^\s<>"'、。」)]+)/).entries()) {
    if (index % 2 === 0) {
      made.append(part);
      continue;
    }
    const link = element('a', '', part);
    link.href = part;
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
    made.append(link);
  }
  return made;
}

function templateBody({ template, altText }, act) {
  if (template.text !== undefined) return card(template, act);
  const columns = template.type === 'carousel' ? template.columns : [];
  if (columns.length === 0) return element('div', 'bubble thing', altText);
  const made = element('div', 'cards');
  made.append(...columns.map((column) => card(column, act)));
  return made;
}

function card({ title, text, actions }, act) {
  const made = element('div', 'bubble card');
  if (title) made.append(element('b', '', title));
  made.append(element('p', '', text ?? ''));
  for (const action of actions ?? []) {
    const button = element('button', '', action.label);
    button.type = 'button';
    button.onclick = () => act(action);
    made.append(button);
  }
  return made;
}

class Column {
  constructor(user) {
    this.user = user;
    this.shown = '';
    this.node = document.querySelector('#phone').content.firstElementChild.cloneNode(true);
    this.select = this.node.querySelector('select');
    this.talk = this.node.querySelector('.talk');
    this.lines = this.talk.querySelector('ol');
    this.quick = this.node.querySelector('.quick');
    this.writing = this.node.querySelector('textarea');
    this.select.onchange = () => this.show(this.select.value);
    this.node.querySelector('.close').onclick = () => this.close();
    this.node.querySelector('.block').onclick = () => this.toggleFriendship();
    this.node.querySelector('.write').onsubmit = (event) => this.say(event);
    this.writing.onkeydown = (event) => this.key(event);
    for (const button of this.node.querySelectorAll('.extra button')) {
      button.onclick = () => this.do('send', { message: { type: button.dataset.kind } });
    }
    phones.append(this.node);
  }

  get friend() {
    return friends.find((friend) => friend.user_id === this.user);
  }

  show(user) {
    this.user = user;
    this.shown = '';
    this.refresh();
  }

  close() {
    this.node.remove();
    columns.splice(columns.indexOf(this), 1);
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter' && !event.shiftKey) this.say(event);
  }

  async say(event) {
    event.preventDefault();
    const text = this.writing.value.trim();
    if (!text) return;
    this.writing.value = '';
    await this.do('say', { text });
  }

  async do(deed, given = {}) {
    await api('POST', `friends/${this.user}/${deed}`, given);
    await refresh();
  }

  /** line: where the tap was made; a picker opens below it. */
  act(action, line) {
    if (action.type === 'datetimepicker') {
      line.querySelector('.picker')?.remove();
      line.append(this.picker(action));
      return undefined;
    }
    if (action.type === 'clipboard') return navigator.clipboard.writeText(action.clipboardText);
    if (action.type === 'postback') {
      return this.do('tap', { data: action.data, label: action.displayText ?? action.label });
    }
    if (action.type === 'message') return this.do('say', { text: action.text });
    if (action.type === 'cameraRoll') return this.do('send', { message: { type: 'image' } });
    if (action.type === 'location') return this.do('send', { message: { type: 'location' } });
    if (action.type === 'uri') window.open(action.uri, '_blank', 'noopener');
    return undefined;
  }

  toggleFriendship() {
    const friend = this.friend;
    return this.do(friend.is_friend && !friend.is_blocked ? 'block' : 'follow');
  }

  async refresh() {
    this.options();
    const friend = this.friend;
    if (!friend) return;
    const label = !friend.is_friend ? '友だち追加' : friend.is_blocked ? 'ブロック解除' : 'ブロック';
    this.node.querySelector('.block').textContent = label;
    const screen = await api('GET', `friends/${this.user}/screen`);
    const seen = JSON.stringify([this.user, screen]);
    if (seen === this.shown) return;
    this.shown = seen;
    this.draw(screen);
  }

  options() {
    const known = friends.map((friend) => friend.user_id).join();
    if (this.known !== known) {
      this.known = known;
      this.select.replaceChildren(
        ...friends.map((friend) => {
          const option = element('option', '', friend.name);
          option.value = friend.user_id;
          return option;
        }),
      );
    }
    this.select.value = this.user;
  }

  draw(screen) {
    const lines = screen.map((item) => this.line(item, screen));
    if (lines.length === 0) {
      lines.push(element('li', 'note', '「友だち追加」を押すと始まります'));
    }
    this.lines.replaceChildren(...lines);
    this.quick.replaceChildren(...this.quickReplies(screen.at(-1)));
    for (const image of this.lines.querySelectorAll('img')) image.onload = () => this.toEnd();
    for (const film of this.lines.querySelectorAll('video')) film.onloadeddata = () => this.toEnd();
    this.toEnd(); // after the quick replies, which take from its height
  }

  toEnd() {
    this.talk.scrollTop = this.talk.scrollHeight;
  }

  line(item, screen) {
    if (item.unsent) return element('li', 'unsent', 'メッセージの送信を取り消しました');
    const line = element('li', item.from === 'friend' ? 'me' : '');
    const made = body(item.message, (action) => this.act(action, line));
    const answered = screen.find((other) => other.id === item.quoted && !other.unsent);
    if (answered) made.prepend(quoted(answered.message));
    line.append(made);
    const edited = item.edited ? ' 編集済み' : '';
    line.append(element('span', 'time', clock(item.at) + edited));
    if (item.from === 'friend') {
      const undo = element('button', 'undo', '送信取消');
      undo.type = 'button';
      undo.onclick = () => this.do('unsend', { message_id: item.id });
      line.append(undo);
    }
    return line;
  }

  /** Only under the newest bubble, as LINE shows them; they go when one was tapped. */
  quickReplies(last) {
    if (!last || last.from !== 'account') return [];
    const actions = (last.message.quickReply?.items ?? []).map((item) => item.action);
    return actions.map((action) => {
      if (action.type === 'datetimepicker') return this.picker(action);
      const button = element('button', '', action.label);
      button.type = 'button';
      button.onclick = () => this.act(action);
      return button;
    });
  }

  picker(action) {
    const label = element('label', 'picker', action.label);
    const input = element('input');
    input.type = action.mode === 'datetime' ? 'datetime-local' : action.mode;
    if (action.min) input.min = action.min;
    if (action.max) input.max = action.max;
    const button = element('button', '', '決定');
    button.type = 'button';
    button.onclick = () => {
      if (!input.value) return;
      this.do('pick', { data: action.data, [action.mode]: input.value });
    };
    label.append(input, button);
    return label;
  }
}

async function refresh() {
  friends = await api('GET', 'friends');
  await Promise.all(columns.map((column) => column.refresh()));
}

function open(user) {
  const column = new Column(user);
  columns.push(column);
  return column.refresh();
}

document.querySelector('#add').onsubmit = async (event) => {
  event.preventDefault();
  const form = event.target;
  const name = form.elements.name.value.trim();
  await begun; // whoever is quick is not forgotten
  if (!name || accounts.length === 0) return;
  const friend = await api('POST', 'friends', { account: accounts[0].id, name });
  form.reset();
  friends = await api('GET', 'friends');
  const narrow = columns.length > 0 && window.innerWidth < 700;
  if (narrow) columns[0].show(friend.user_id);
  else await open(friend.user_id);
};

document.querySelector('#beside').onclick = () => {
  const free = friends.find((friend) => columns.every((column) => column.user !== friend.user_id));
  return open((free ?? friends[0])?.user_id);
};

let revision = -1;
async function follow() {
  try {
    const now = (await api('GET', 'revision')).revision;
    if (now !== revision) {
      revision = now;
      await refresh();
    }
  } catch {
    revision = -1; // the simulator is away; it is asked again
  }
  setTimeout(follow, 400);
}

/** The address may name whose phone is wanted: the console beside it names whom it talks with. */
function showNamed() {
  const user = location.hash.slice(1);
  const isThere = columns.some((column) => column.user === user);
  if (!isThere && friends.some((friend) => friend.user_id === user)) columns[0]?.show(user);
}

async function begin() {
  accounts = await api('GET', 'accounts');
  friends = await api('GET', 'friends');
  const wide = Math.max(1, Math.min(3, Math.floor(window.innerWidth / 360)));
  for (const friend of friends.slice(0, wide)) await open(friend.user_id);
  showNamed();
}

document.body.classList.toggle('framed', window.self !== window.top);
const begun = begin();
await begun;
window.addEventListener('hashchange', showNamed);
follow();
