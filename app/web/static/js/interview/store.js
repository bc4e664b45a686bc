// Where unsent answers survive a reload: IndexedDB, else localStorage, else only this page. One entry per mutation id.

const NAME = "crm-maturity-interviews";
const TABLE = "unsent";
const PREFIX = "unsent-answer:";

/** Open the best store that this browser allows. */
export async function openStore() {
  try {
    return new IndexedStore(await openDatabase());
  } catch {
    return storageWorks() ? new LocalStore() : new PageStore();
  }
}

function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

function storageWorks() {
  try {
    localStorage.setItem(`${PREFIX}probe`, "1");
    localStorage.removeItem(`${PREFIX}probe`);
    return true;
  } catch {
    return false;
  }
}

class IndexedStore {
  durable = true;

  constructor(database) {
    this.database = database;
    // another tab of a newer version wants to change the store: let go, so that it is not held up
    this.database.onversionchange = () => this.database.close();
  }

  all() {
    return new Promise((resolve, reject) => {
      const request = this.database.transaction(TABLE).objectStore(TABLE).getAll();
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  /** Remove and put in one transaction, so that an entry and its successor never exist both or neither. */
  change({ put = [], remove = [] }) {
    return this.#changeOnce({ put, remove }).catch(async () => {
      this.database = await openDatabase(); // iOS closes databases of pages in the background
      return this.#changeOnce({ put, remove });
    });
  }

  #changeOnce({ put, remove }) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(TABLE, "readwrite");
      const table = transaction.objectStore(TABLE);
      for (const id of remove) table.delete(id);
      for (const entry of put) table.put(entry);
      transaction.oncomplete = () => resolve();
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
      transaction.commit?.(); // at once: the page may be gone before the browser would commit by itself
    });
  }
}

class LocalStore {
  durable = true;

  async all() {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => JSON.parse(localStorage.getItem(key)));
  }

  async change({ put = [], remove = [] }) {
    for (const entry of put) localStorage.setItem(PREFIX + entry.id, JSON.stringify(entry));
    for (const id of remove) localStorage.removeItem(PREFIX + id);
  }
}

class PageStore {
  durable = false;

  async all() {
    return [];
  }

  async change() {}
}
