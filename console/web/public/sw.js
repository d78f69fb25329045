/*
 * Madoguchi's worker behind the pages: shows notices, and opens their talk. It keeps nothing of the
 * pages, so no page of it is ever old.
 */

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => {
  event.waitUntil(show(read(event.data)));
});

// Where no push service can be reached, an open page tells what is to be shown.
self.addEventListener('message', (event) => {
  if (event.data?.show) event.waitUntil(show(event.data.show));
});

self.addEventListener('notificationclick', (event) => {
  event.waitUntil(clicked(event.notification));
});

function clicked(notification) {
  notification.close();
  return open(notification.data?.url ?? '/');
}

function read(data) {
  try {
    return data?.json() ?? {};
  } catch {
    return {};
  }
}

async function show({ title = 'Madoguchi', body = '', url = '/', tag = 'madoguchi' }) {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  for (const page of pages) page.postMessage({ pushed: { url, tag } });
  const isSeen = pages.some((page) => page.visibilityState === 'visible' && page.focused);
  if (isSeen && url !== '/notices' && mayBeSilent()) return; // the page in front says it itself
  await self.registration.showNotification(title, {
    body,
    tag,
    renotify: true,
    icon: '/icon.svg',
    data: { url },
  });
}

/** Safari takes pushes away from whoever shows nothing, whatever page is in front. */
function mayBeSilent() {
  return /chrom(e|ium)|firefox/i.test(navigator.userAgent);
}

async function open(url) {
  const target = new URL(url, self.location.origin);
  if (target.origin !== self.location.origin) return;
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find((one) => new URL(one.url).pathname === target.pathname) ?? pages[0];
  if (page === undefined) {
    await self.clients.openWindow(target.href);
    return;
  }
  await page.focus().catch(() => null);
  page.postMessage({ go: target.pathname });
}
