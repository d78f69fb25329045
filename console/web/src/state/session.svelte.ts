/** Who is signed in, what they may do, and the house that they work in. */

import { Api, Refusal } from '../desk/api';
import type { House, Operator, Session } from '../desk/house';
import { setTime } from './now.svelte';
import { readIn, settings, t } from './settings.svelte';
import { toast } from './toasts.svelte';

export const api = new Api();
api.speaks = () => settings.language;
api.onNewSession = () => mayComeAgain();

type Entry = 'asking' | 'out' | 'enrol' | 'in' | 'unreachable';

const EMPTY_HOUSE: House = {
  accounts: [],
  queues: [],
  queue_accounts: {},
  tags: [],
  fields: [],
  flows: [],
  timezone: 'Asia/Tokyo',
  time: '',
  can_send_files: false,
};

class Signed {
  entry: Entry = $state('asking');
  session: Session | null = $state(null);
  house: House = $state(EMPTY_HOUSE);
  operators: Operator[] = $state([]);
  /** The session ended while somebody was working. */
  isExpired = $state(false);

  get me(): string {
    return this.session?.operator.id ?? '';
  }

  get name(): string {
    return this.session?.operator.name ?? '';
  }

  /** Viewers look; everybody else answers. */
  get mayAnswer(): boolean {
    return this.session !== null && this.session.operator.role !== 'viewer';
  }

  /** Leaders read the flows, managers change them. */
  get mayReadFlows(): boolean {
    return ['supervisor', 'manager'].includes(this.session?.operator.role ?? '');
  }

  /** Leaders see that nobody is forgotten, and read the reports. */
  get mayWatch(): boolean {
    return this.mayReadFlows;
  }

  /** Leaders write what everybody sends. */
  get mayWriteReplies(): boolean {
    return this.mayReadFlows;
  }

  /** Leaders see what is sent to many; managers write and send it. */
  get mayReadBroadcasts(): boolean {
    return this.mayReadFlows;
  }

  get maySendBroadcasts(): boolean {
    return this.session?.operator.role === 'manager';
  }

  get mayChangeFlows(): boolean {
    return this.session?.operator.role === 'manager';
  }

  /** Managers let people in, and change what they may do. */
  get mayChangeStaff(): boolean {
    return this.session?.operator.role === 'manager';
  }

  /** No account is behind a wall. */
  get seesEverything(): boolean {
    return (this.session?.operator.accounts ?? null) === null;
  }

  /** Leaders give anybody's talk to anybody; others what they or nobody hold. */
  mayAssign(assigneeId: string | null): boolean {
    if (!this.mayAnswer) return false;
    const role = this.session?.operator.role;
    return role !== 'operator' || assigneeId === null || assigneeId === this.me;
  }

  nameOf(operatorId: string | null): string | null {
    if (operatorId === null) return null;
    return this.operators.find((one) => one.id === operatorId)?.name ?? null;
  }
}

export const signed = new Signed();

/** Ask the server whether somebody is signed in here, and go in. */
export async function enter(): Promise<void> {
  try {
    const session = await takeSession();
    if (session === null) return;
    const { language } = session.operator;
    if (language === 'ja' || language === 'en') await readIn(language);
    if (session.must_enrol === true) {
      signed.entry = 'enrol';
      return;
    }
    await loadHouse();
    signed.isExpired = false;
    signed.entry = 'in';
  } catch (error) {
    signed.entry = error instanceof Refusal && error.status === 401 ? 'out' : 'unreachable';
  }
}

export interface SignInProblem {
  text: string;
  /** The password is right; the code of the app is needed, or was wrong. */
  needsCode: boolean;
}

/** Answers what is missing or went wrong, in words; null when one is in. */
export async function signIn(
  email: string,
  password: string,
  code: string | null,
): Promise<SignInProblem | null> {
  try {
    await api.signIn(email, password, code);
  } catch (error) {
    const needsCode = error instanceof Refusal && error.code === 'code_needed';
    return { text: signInProblem(error, code), needsCode };
  }
  await enter();
  return null;
}

/** A page is one person's: for anybody else who has signed in here it begins anew (null). */
async function takeSession(): Promise<Session | null> {
  const session = await api.session();
  if (signed.session !== null && session.operator.id !== signed.me) {
    location.reload();
    return null;
  }
  signed.session = session;
  api.csrfToken = session.csrf_token;
  return session;
}

/** The server let go of this page, or knows it no more: whether it may come again. */
export async function mayComeAgain(): Promise<boolean> {
  try {
    const session = await takeSession();
    if (session?.must_enrol === true) api.onMustEnrol();
    return session !== null && session.must_enrol !== true;
  } catch (error) {
    if (!(error instanceof Refusal)) return true; // nobody knows: the line is tried again
    if (error.status === 401) api.onSignedOut();
    return false;
  }
}

/** In this browser at once, and in what the server says from now on. */
export async function speak(language: 'ja' | 'en'): Promise<void> {
  try {
    await readIn(language);
  } catch {
    return toast(t('refused.unreachable'), true);
  }
  api.setLanguage(language).catch(() => null);
}

export async function signOut(): Promise<void> {
  await api.signOut().catch(() => null); // the cookie may be gone already
  location.assign('/');
}

/** The accounts, queues, tags and people, as they are now. */
export async function loadHouse(): Promise<void> {
  const [house, operators] = await Promise.all([api.house(), api.operators()]);
  signed.house = house;
  signed.operators = operators.items;
  setTime(house.timezone, house.time);
}

function signInProblem(error: unknown, code: string | null): string {
  if (!(error instanceof Refusal)) return t('signin.unreachable');
  if (error.code === 'code_needed') return code === null ? '' : t('signin.wrong_code');
  if (error.status === 429) return error.message || t('signin.limited');
  return error.status === 401 ? t('signin.wrong') : error.message;
}
