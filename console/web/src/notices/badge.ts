/** How many things wait to be seen, where the page's tab and the app's icon show it. */

const PREFIX = /^\(\d+\) /;

let count = 0;
let watched: MutationObserver | null = null;

/** Show it from now on, also when a room gives the page another title. */
export function badge(unseen: number): void {
  count = unseen;
  watched ??= watchTitle();
  retitle();
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const wanted = unseen > 0 ? '/icon-dot.svg' : '/icon.svg';
  if (icon !== null && !icon.href.endsWith(wanted)) icon.href = wanted;
  const set = unseen > 0 ? navigator.setAppBadge?.(unseen) : navigator.clearAppBadge?.();
  set?.catch(() => null); // no app, no badge
}

function watchTitle(): MutationObserver {
  const observer = new MutationObserver(retitle);
  observer.observe(document.head, { childList: true, subtree: true, characterData: true });
  return observer;
}

function retitle(): void {
  const plain = document.title.replace(PREFIX, '');
  const wanted = count > 0 ? `(${count}) ${plain}` : plain;
  if (document.title !== wanted) document.title = wanted;
}
