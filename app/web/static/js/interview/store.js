// Where unsent answers survive a reload: IndexedDB, else localStorage, else only this page. One entry per mutation id.
// Beside them, only in IndexedDB: which interviews were downloaded, and what was saved since their pages were.

const NAME = "crm-maturity-interviews";
const VERSION = 2;
const TABLE = "unsent";
const TABLES = { unsent: "id", known: "key", downloads: "interview" };
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
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const [table, keyPath] of Object.entries(TABLES)) {
        if (!request.result.objectStoreNames.contains(table)) request.result.createObjectStore(table, { keyPath });
      }
    };
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
    this.#take(database);
  }

  #take(database) {
    this.database = database;
    // another tab of a newer version wants to change the store: let go, so that it is not held up
    database.onversionchange = () => database.close();
  }

  /** Return every unsent entry of this device. */
  all() {
    return this.list(TABLE);
  }

  /** Return all records of a table. */
  list(table) {
    return this.#again(() => this.#listOnce(table));
  }

  /** Remove and put in one transaction, so that an entry and its successor never exist both or neither. */
  change({ put = [], remove = [], table = TABLE }) {
    return this.#again(() => this.#changeOnce({ put, remove, table }));
  }

  /** Do something, once more on a new connection: iOS closes databases of pages in the background. */
  #again(work) {
    return work().catch(async () => {
      this.#take(await openDatabase());
      return work();
    });
  }

  #listOnce(table) {
    return new Promise((resolve, reject) => {
      const request = this.database.transaction(table).objectStore(table).getAll();
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  #changeOnce({ put, remove, table: name }) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(name, "readwrite");
      const table = transaction.objectStore(name);
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

  async list(table) {
    return table === TABLE ? this.all() : [];
  }

  async change({ put = [], remove = [], table = TABLE }) {
    if (table !== TABLE) return;
    for (const entry of put) localStorage.setItem(PREFIX + entry.id, JSON.stringify(entry));
    for (const id of remove) localStorage.removeItem(PREFIX + id);
  }
}

class PageStore {
  durable = false;

  async all() {
    return [];
  }

  async list() {
    return [];
  }

  async change() {}
}
