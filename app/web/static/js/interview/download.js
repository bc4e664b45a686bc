// "Download this interview": every page of it and what those pages need goes into the cache that the service worker
// serves from. Ready is said only when all of it is there.

import { dayAndTime, offline, page, say } from "./page.js";

const AT_ONCE = 3;
const CACHE_PREFIX = "interview-";
const FAULTS = ["signed-out", "changed", "network", "untrusted"];
const ASKED = "interview-storage-asked";

/** Return why a downloaded interview could not be opened offline in this browser; null when it could. */
export function whyNot(store) {
  if (!globalThis.isSecureContext) return "insecure";
  const able = "serviceWorker" in navigator && "caches" in globalThis && store.list && store.durable && store.database;
  return able ? null : "unsupported";
}

/** Make this version's service worker ready. Resolves when it is active. */
async function readyWorker() {
  const registration = await navigator.serviceWorker.register(offline.worker, { scope: offline.scope, updateViaCache: "none" }).catch((error) => {
    // a page whose certificate warning was clicked away may be read, but not kept
    throw new Error(error.name === "SecurityError" ? "untrusted" : "network");
  });
  registration.waiting?.postMessage({ act: "take-over" }); // the user asks for a fresh download: no reason to wait
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  if (worker.state === "activated") return;
  await new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("worker"));
    });
  });
}

/**
 * Download an interview by the address of its hub; `progress(done, all)` is told. Returns the record that was kept.
 * Throws an Error whose message is one of FAULTS, another one when the device cannot store it.
 */
export async function download(store, hub, progress = () => {}) {
  await readyWorker();
  await askToKeep();
  const cache = await caches.open(CACHE_PREFIX + offline.version);
  const overview = await documentOf(cache, hub);
  const told = JSON.parse(overview.getElementById("offline-pages").textContent);
  const user = JSON.parse(overview.getElementById("interview-page").textContent).user;
  if (user !== page.user) throw new Error("signed-out");
  const files = new Set(filesOf(overview));
  const pages = told.pages.filter((address) => address !== hub);
  let done = 1;
  const all = () => pages.length + 1 + files.size;
  await inParallel(pages, async (address) => {
    for (const file of filesOf(await documentOf(cache, address))) files.add(file);
    progress((done += 1), all());
  });
  const seen = new Set(files);
  for (let round = [...files]; round.length; ) {
    const further = [];
    await inParallel(round, async (file) => {
      for (const next of await keepFile(cache, file)) if (!seen.has(next)) further.push(next), seen.add(next);
      progress((done += 1), pages.length + 1 + seen.size);
    });
    round = [...new Set(further)];
  }
  const record = { interview: told.interview, user, hub, title: told.title, pages: pages.length + 1, version: offline.version, at: new Date().toISOString() };
  await store.change({ table: "downloads", put: [record] });
  return record;
}

async function inParallel(items, work) {
  const waiting = [...items];
  const lane = async () => {
    while (waiting.length) await work(waiting.shift());
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

async function fetched(address) {
  let response;
  try {
    response = await fetch(address, { credentials: "same-origin", cache: "no-cache" });
  } catch {
    throw new Error("network");
  }
  if (response.redirected) throw new Error("signed-out");
  if (!response.ok) throw new Error("network");
  return response;
}

async function documentOf(cache, address) {
  const response = await fetched(address);
  if (response.headers.get("X-Page-Version") !== offline.version) throw new Error("changed");
  const copy = response.clone();
  const text = await response.text();
  await cache.put(address, copy);
  return new DOMParser().parseFromString(text, "text/html");
}

/** Addresses of what a page needs, of this site alone. */
function filesOf(parsed) {
  const found = [];
  for (const [selector, attribute] of [["link[rel~=stylesheet], link[rel~=icon]", "href"], ["script[src]", "src"], ["img[src]", "src"]]) {
    for (const element of parsed.querySelectorAll(selector)) found.push(element.getAttribute(attribute));
  }
  return found.map((address) => new URL(address, location.href)).filter((url) => url.origin === location.origin && url.pathname.startsWith("/static/")).map(String);
}

/** Keep a file; return what it needs in turn: modules that a script imports, images and fonts of a style sheet. */
async function keepFile(cache, address) {
  const response = await fetched(address);
  const copy = response.clone();
  await cache.put(address, copy);
  const kind = response.headers.get("Content-Type") ?? "";
  const pattern = kind.includes("javascript") ? /(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g : kind.includes("css") ? /url\(\s*["']?([^"')]+)["']?\s*\)/g : null;
  if (!pattern) return [];
  const text = await response.text();
  return [...text.matchAll(pattern)].map(([, path]) => path).filter((path) => !/^(data|#)/.test(path)).map((path) => String(new URL(path, address)));
}

/** Ask once that the browser keeps what is stored; whatever it says, nothing here promises weeks. */
async function askToKeep() {
  try {
    if (localStorage.getItem(ASKED)) return;
    localStorage.setItem(ASKED, "1");
    await navigator.storage?.persist?.();
  } catch {
    // no matter: the answers are sent as soon as there is a connection
  }
}

/** Remove a downloaded interview from this device; unsent answers stay. */
async function erase(store, record) {
  await store.change({ table: "downloads", remove: [record.interview] });
  const known = (await store.list("known")).filter((one) => one.interview === record.interview);
  await store.change({ table: "known", remove: known.map((one) => one.key) });
  const cache = await caches.open(CACHE_PREFIX + offline.version);
  const path = new URL(record.hub, location.href).pathname;
  for (const request of await cache.keys()) {
    const found = new URL(request.url).pathname;
    if (found === path || found.startsWith(`${path}/`)) await cache.delete(request, { ignoreVary: true });
  }
}

/** The panel on the hub: says whether this interview opens without a network, and makes it so. */
export class OfflinePanel {
  /** `downloaded()` is told when a download is complete. */
  constructor(root, store, downloaded) {
    this.root = root;
    this.store = store;
    this.downloaded = downloaded;
    this.words = root.querySelector("[data-offline-words]");
    this.button = root.querySelector("[data-offline-download]");
    this.removal = root.querySelector("[data-offline-remove]");
    this.bar = root.querySelector("progress");
    this.trust = root.querySelector("[data-offline-trust]");
    this.button.addEventListener("click", () => this.#download());
    this.removal.addEventListener("click", () => this.#remove());
  }

  /** Draw the panel as things stand. */
  async draw() {
    const why = whyNot(this.store);
    this.trust.hidden = why !== "insecure";
    const record = why ? null : await this.#record();
    this.button.hidden = Boolean(why);
    this.removal.hidden = !record;
    this.button.textContent = say(record ? "downloadAgain" : "download");
    this.root.dataset.offline = why ?? (record ? "ready" : "none");
    this.words.textContent = why ? say(why) : record ? say("ready", { n: record.pages, time: dayAndTime(record.at) }) : say("notYet");
  }

  async #record() {
    const all = await this.store.list("downloads").catch(() => []);
    return all.find((one) => one.interview === page.interview && one.user === page.user && one.version === offline.version) ?? null;
  }

  async #download() {
    this.button.disabled = true;
    this.bar.hidden = false;
    this.root.dataset.offline = "working";
    this.words.textContent = say("downloading");
    try {
      await download(this.store, this.root.dataset.hub, (done, all) => {
        this.bar.max = all;
        this.bar.value = done;
      });
      await this.draw();
      this.downloaded();
    } catch (error) {
      this.root.dataset.offline = "failed";
      this.words.textContent = say(FAULTS.includes(error.message) ? `failed.${error.message}` : "failed.storage");
      this.trust.hidden = error.message !== "untrusted";
    } finally {
      this.button.disabled = false;
      this.bar.hidden = true;
    }
  }

  async #remove() {
    const record = await this.#record();
    if (record) await erase(this.store, record);
    await this.draw();
    this.button.focus();
  }
}
