// The service worker of /interview/ (VERSION stands above this text, put there by the server). Serves the pages of
// downloaded interviews when the network does not; GET only; never sign-in, API, administration or reports. It keeps
// nothing by itself: what is in its cache was put there by "download this interview", here it is only kept fresh.

const PREFIX = "interview-";
const CACHE = PREFIX + VERSION;
const PAGES = /^\/interview\/\d+(\/(elements|groups)\/[^/]+)?$/;
const PATIENCE = 4_000; // milliseconds for a page that is also here
const WEAK_PATIENCE = 1_500; // and while the network is known to be bad
const WEAK_FOR = 15_000;

let weakUntil = 0;

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("message", (event) => {
  if (event.data?.act === "take-over") self.skipWaiting(); // only when the user says so
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(file(event, request, url));
  else if (request.mode === "navigate" && PAGES.test(url.pathname)) event.respondWith(page(event, request));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch(unavailable));
});

/** Network first; what is kept when the network fails, dawdles or the server is in trouble. */
async function page(event, request) {
  const cache = await caches.open(CACHE);
  const kept = (await cache.match(request.url, { ignoreVary: true })) ?? (await cache.match(request.url, { ignoreVary: true, ignoreSearch: true }));
  if (!kept) return fetch(request).catch(unavailable);
  try {
    const fresh = await within(fetch(request), isWeak() ? WEAK_PATIENCE : PATIENCE);
    if (fresh.status >= 500) return copyOf(kept);
    weakUntil = 0;
    if (isOurs(fresh)) event.waitUntil(cache.put(request.url, fresh.clone()));
    return fresh;
  } catch {
    weakUntil = Date.now() + WEAK_FOR;
    return copyOf(kept);
  }
}

/** What carries its hash never changes: cache first. The rest network first, so that versions do not mix. */
async function file(event, request, url) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request.url, { ignoreVary: true });
  if (!kept) return fetch(request);
  if (url.searchParams.has("v") || isWeak()) return kept;
  try {
    const fresh = await within(fetch(request), PATIENCE);
    if (isOurs(fresh)) event.waitUntil(cache.put(request.url, fresh.clone()));
    return fresh.ok ? fresh : kept;
  } catch {
    weakUntil = Date.now() + WEAK_FOR;
    return kept;
  }
}

function isWeak() {
  return Date.now() < weakUntil;
}

/** A page of this version, and not the sign-in page of a hotel. */
function isOurs(response) {
  return response.ok && !response.redirected && response.headers.get("X-Page-Version") === VERSION;
}

function within(promise, patience) {
  return Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error("slow")), patience))]);
}

/** What is kept, with a note that it is a copy and from when, which the page can read. */
function copyOf(kept) {
  const headers = new Headers(kept.headers);
  const made = new Date(kept.headers.get("Date") ?? Date.now()).toISOString();
  headers.set("Server-Timing", `copy;desc="${made}"`);
  return new Response(kept.body, { status: kept.status, statusText: kept.statusText, headers });
}

function unavailable() {
  return new Response(UNAVAILABLE, {
    status: 503,
    headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'none'; style-src 'self'" },
  });
}
