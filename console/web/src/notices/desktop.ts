/**
 * Desktop notices of this browser. `push`: its push service wakes it, also when no page is open.
 * `page`: it has none that can be reached, so the open page shows them itself.
 */

import { browserBox } from '../desk/box';
import { signed } from '../state/session.svelte';
import { calls } from './calls';

export type Mode = 'push' | 'page' | 'off';
export type Trouble = 'unsupported' | 'denied' | 'insecure';

/** Each person of this browser agrees for themselves. */
const key = () => `notices.desktop.${signed.me}`;

export const mode = (): Mode => {
  const kept = browserBox.read(key());
  const isAllowed = 'Notification' in globalThis && Notification.permission === 'granted';
  return isAllowed && (kept === 'push' || kept === 'page') ? kept : 'off';
};

/** Why there can be none here; null when there can. */
export function trouble(): Trouble | null {
  if (!isSecureContext) return 'insecure';
  if (!('serviceWorker' in navigator) || !('Notification' in globalThis)) return 'unsupported';
  return Notification.permission === 'denied' ? 'denied' : null;
}

/** Ask the person, then the push service. Answers how it is now. */
export async function turnOn(publicKey: string): Promise<Mode> {
  if ((await Notification.requestPermission()) !== 'granted') return 'off';
  const found = await subscribe(publicKey);
  browserBox.write(key(), found);
  return found;
}

export async function turnOff(): Promise<void> {
  browserBox.remove(key());
  const registration = await navigator.serviceWorker.getRegistration('/');
  const subscription = await registration?.pushManager?.getSubscription();
  await subscription?.unsubscribe();
  await calls.unsubscribe();
}

/** A new session takes over what this browser had agreed to. */
export async function renew(): Promise<void> {
  if (mode() !== 'push') return;
  const { push } = await calls.means();
  if (!push.is_on) browserBox.write(key(), await subscribe(push.public_key));
}

/** Without a push service the page itself shows it, through the worker that knows every page. */
export async function show(payload: Record<string, string>): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration('/');
  registration?.active?.postMessage({ show: payload });
}

async function subscribe(publicKey: string): Promise<'push' | 'page'> {
  await navigator.serviceWorker.register('/sw.js', { scope: '/' });
  const { pushManager } = await navigator.serviceWorker.ready;
  try {
    const subscription = await subscribed(pushManager, keyBytes(publicKey));
    await calls.subscribe(subscription.toJSON());
    return 'push';
  } catch {
    return 'page'; // no push service, or none that answers
  }
}

async function subscribed(manager: PushManager, key: Uint8Array<ArrayBuffer>) {
  const options = { userVisibleOnly: true, applicationServerKey: key };
  try {
    return await manager.subscribe(options);
  } catch (error) {
    // Another install had this browser before, with a key of its own.
    const old = await manager.getSubscription();
    if (old === null) throw error;
    await old.unsubscribe();
    return manager.subscribe(options);
  }
}

function keyBytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}
