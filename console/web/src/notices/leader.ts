/**
 * Of all open pages of one person in one browser, one rings: whoever holds the lock. Only a page
 * that somebody has touched asks for it, because no other may sound; when it is closed, the next
 * one has the lock.
 */

const LOCK = 'madoguchi-notices';

let isLeader = false;

export const leads = (): boolean => isLeader;

/** Ask for the lock once somebody touches the page; answers how to give it back. */
export function stand(): () => void {
  let release = () => {};
  const gone = new Promise<void>((resolve) => (release = resolve));
  const asking = new AbortController();
  const ask = () => {
    removeEventListener('pointerdown', ask);
    removeEventListener('keydown', ask);
    if (!navigator.locks) return void (isLeader = true); // a page on plain http is alone with itself
    navigator.locks
      .request(LOCK, { signal: asking.signal }, () => {
        isLeader = true;
        return gone;
      })
      .catch(() => null); // given up before it was had
  };
  if (navigator.userActivation?.hasBeenActive) ask();
  else {
    addEventListener('pointerdown', ask);
    addEventListener('keydown', ask);
  }
  return () => {
    removeEventListener('pointerdown', ask);
    removeEventListener('keydown', ask);
    asking.abort();
    release();
    isLeader = false;
  };
}
