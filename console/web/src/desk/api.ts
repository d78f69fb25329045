/**
 * The JSON API. One way in: `call`. A refusal of the server becomes a `Refusal` with its code; a
 * server that cannot be reached becomes `Unreachable`, which is worth another try.
 */

import type { DraftsOfTalk, Scheduled } from '../drafting/rows';
import type { House, Operator, Session } from './house';
import type { LineMessage } from './parcel';
import type {
  At,
  Conversation,
  Counts,
  Customer,
  Handoff,
  Message,
  Note,
  Page,
  Run,
  SearchHit,
  TimelineItem,
  View,
} from './rows';

const PATIENCE_MS = 8000;

/** The server understood, and said no. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: {
      conversation?: Conversation;
      messages?: Message[];
      scheduled?: Scheduled;
      note?: Note;
    } = {},
  ) {
    super(message);
  }
}

/** No answer, or a server in trouble (then with its status): nobody knows whether it was done. */
export class Unreachable extends Error {
  constructor(
    readonly status: number | null,
    options: ErrorOptions = {},
  ) {
    super(status === null ? 'no answer' : `the server answered ${status}`, options);
  }
}

export interface ListQuery {
  view: View;
  account?: string | null;
  queue?: string | null;
  tag?: string | null;
  cursor?: string | null;
}

/** Which page of a talk: before, after or around a line; else the newest. */
export interface Side {
  before?: number;
  after?: number;
  around?: number;
}

/** Lines, oldest first. newer: there are lines after them. */
export type LinePage = Page<Message> & { newer: number | null };

export interface SearchQuery {
  q: string;
  /** Within one talk. */
  conversation?: string;
  kind: 'customers' | 'messages' | 'notes';
  account: string | null;
  after: string | null;
  limit: number;
}

export interface Detail {
  conversation: Conversation;
  customer: Customer;
  handoff: Handoff | null;
  run: Run | null;
  /** The first line of the customer that the staff have not seen. */
  unseen_from: number | null;
  at: At;
}

/** A talk as it is opened; each part is true at the same moment. */
export interface WholeTalk {
  detail: Detail;
  messages: LinePage;
  notes: Page<Note>;
  drafts: DraftsOfTalk;
}

export interface Sending {
  client_msg_id: string;
  /** Words alone, or LINE's own messages. */
  text?: string;
  messages?: LineMessage[];
  /** The line that the first words quote. */
  quoted_seq?: number;
  seen_seq: number;
  force?: boolean;
  /** For so long it waits, to be taken back. */
  undo_s?: number;
}

export class Api {
  csrfToken = '';
  onSignedOut: () => void = () => {};
  /** The role needs a second factor now, and nothing else is open before. */
  onMustEnrol: () => void = () => {};
  /** Another page of this browser has signed in anew: whether this one may go on with that. */
  onNewSession: () => Promise<boolean> = () => Promise.resolve(false);

  /** The language that the screen is in, so that answers come in the same one. */
  speaks: () => string = () => 'ja';

  constructor(private readonly fetcher: typeof fetch = (...args) => fetch(...args)) {}

  session = () => this.call<Session>('GET', '/session');
  signIn = (email: string, password: string, code: string | null) =>
    this.call<Session | null>('POST', '/session', {
      email,
      password,
      ...(code === null ? {} : { code }),
    });
  signOut = () => this.call<null>('DELETE', '/session');
  setLanguage = (language: string) => this.call<unknown>('PATCH', '/session', { language });
  house = () => this.call<House>('GET', '/house');
  operators = () => this.call<{ items: Operator[] }>('GET', '/operators');

  list = (query: ListQuery) => this.call<Page<Conversation>>('GET', `/conversations${ask(query)}`);
  counts = (account: string | null) =>
    this.call<Counts>('GET', `/conversations/counts${ask({ account })}`);
  search = (query: SearchQuery) =>
    this.call<Omit<Page<SearchHit>, 'at'>>('GET', `/search${ask(query)}`);
  detail = (id: string) => this.call<Detail>('GET', talk(id));
  whole = (id: string) => this.call<WholeTalk>('GET', `${talk(id)}/whole`);
  messages = (id: string, side: Side = {}, limit = 50) =>
    this.call<LinePage>('GET', `${talk(id)}/messages${ask({ ...side, limit })}`);
  lineOn = (id: string, date: string) =>
    this.call<{ seq: number | null }>('GET', `${talk(id)}/messages/on${ask({ date })}`);
  fetchAgain = (mediaId: string) =>
    this.call<Message>('POST', `/media/${encodeURIComponent(mediaId)}/fetch`, {});

  send = (id: string, sending: Sending) =>
    this.call<Message>('POST', `${talk(id)}/messages`, sending);
  addNote = (id: string, note: { client_note_id: string; text: string; mentions?: string[] }) =>
    this.call<Note>('POST', `${talk(id)}/notes`, note);
  editNote = (id: string, to: { text: string; mentions: string[]; version: number }) =>
    this.call<Note>('PATCH', `/notes/${encodeURIComponent(id)}`, to);
  deleteNote = (id: string, version: number) =>
    this.call<Note>('DELETE', `/notes/${encodeURIComponent(id)}`, { version });
  take = (id: string, epoch: number) =>
    this.call<Conversation>('POST', `${talk(id)}/take`, { epoch });
  assign = (id: string, to: { operator_id: string | null; queue?: string; epoch: number }) =>
    this.call<Conversation>('POST', `${talk(id)}/assign`, to);
  resolve = (id: string) => this.call<Conversation>('POST', `${talk(id)}/resolve`, {});
  returnToBot = (id: string) => this.call<Conversation>('POST', `${talk(id)}/return`, {});
  snooze = (id: string, until: string) =>
    this.call<Conversation>('POST', `${talk(id)}/snooze`, { until });
  seen = (id: string, seq: number) => this.call<Conversation>('POST', `${talk(id)}/seen`, { seq });
  makeForm = (id: string, flow: string) =>
    this.call<{ address: string }>('POST', `${talk(id)}/forms`, { flow });
  sendAnyway = (deliveryId: string | number) =>
    this.call<unknown>('POST', `/deliveries/${deliveryId}/send_anyway`, {});

  changeCustomer = (
    id: string,
    change: { name?: string | null; fields?: Record<string, unknown>; owner_id?: string | null },
  ) => this.call<Customer>('PATCH', person(id), change);
  putTag = (id: string, tag: string) =>
    this.call<unknown>('PUT', `${person(id)}/tags/${encodeURIComponent(tag)}`, {});
  takeTag = (id: string, tag: string) =>
    this.call<unknown>('DELETE', `${person(id)}/tags/${encodeURIComponent(tag)}`);
  timeline = (id: string) => this.call<Page<TimelineItem>>('GET', `${person(id)}/timeline`);

  call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.inSession(() => this.#call<T>(method, path, body));
  }

  /** Do it; once more where the session has become another one meanwhile. */
  async inSession<T>(work: () => Promise<T>): Promise<T> {
    const { csrfToken } = this;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'csrf') throw error;
      if (!(await this.onNewSession()) || this.csrfToken === csrfToken) throw error;
      return work();
    }
  }

  async #call<T>(method: string, path: string, body: unknown): Promise<T> {
    const answer = await this.#reach(method, path, body);
    if (answer.ok) return (answer.status === 204 ? null : await answer.json()) as T;
    if (answer.status >= 500) throw new Unreachable(answer.status);
    const refusal = await readRefusal(answer);
    if (answer.status === 401 && path !== '/session') this.onSignedOut();
    if (refusal.code === 'must_enrol') this.onMustEnrol();
    throw refusal;
  }

  async #reach(method: string, path: string, body: unknown): Promise<Response> {
    try {
      return await this.fetcher(`/api/v1${path}`, {
        method,
        headers: this.#headers(method, body),
        body: body === undefined ? null : JSON.stringify(body),
        credentials: 'same-origin',
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
    } catch (cause) {
      throw new Unreachable(null, { cause });
    }
  }

  #headers(method: string, body: unknown): Record<string, string> {
    const headers: Record<string, string> = {
      Accept: 'application/json',
      'Accept-Language': this.speaks(),
    };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (method !== 'GET') headers['X-CSRF-Token'] = this.csrfToken;
    return headers;
  }
}

async function readRefusal(answer: Response): Promise<Refusal> {
  const body = (await answer.json().catch(() => null)) as {
    error?: { code?: string; message?: string; details?: Refusal['details'] };
  } | null;
  const { code = `http_${answer.status}`, message = '', details } = body?.error ?? {};
  return new Refusal(answer.status, code, message, details);
}

function ask(query: object): string {
  const given = Object.entries(query).filter(([, value]) => value != null && value !== '');
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
}

const talk = (id: string) => `/conversations/${encodeURIComponent(id)}`;
const person = (id: string) => `/customers/${encodeURIComponent(id)}`;
