/** Rows in this browser's own store, IndexedDB, that a reload leaves where they are. */

interface Rows<T> {
  all(): Promise<T[]>;
  put(row: T): Promise<void>;
  remove(key: string): Promise<void>;
}

/** Each row lies under what it has at `keyPath`. A store that cannot be opened rejects every call. */
export function openRows<T>(database: string, name: string, keyPath: string): Rows<T> {
  const store = new Promise<IDBDatabase>((resolve, reject) => {
    const asked = indexedDB.open(database, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(name, { keyPath });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error('IndexedDB'));
  });
  store.catch(() => null); // each call says so itself
  const run = async <A>(mode: IDBTransactionMode, work: (s: IDBObjectStore) => IDBRequest<A>) => {
    const request = work((await store).transaction(name, mode).objectStore(name));
    return new Promise<A>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
    });
  };
  return {
    all: () => run('readonly', (s) => s.getAll() as IDBRequest<T[]>),
    put: async (row) => void (await run('readwrite', (s) => s.put(row))),
    remove: async (key) => void (await run('readwrite', (s) => s.delete(key))),
  };
}
