import { after, before } from 'node:test';
import { type Database, openDatabase } from '../database/open-database.ts';
import { startTestDatabase, type TestDatabase } from './start-test-database.ts';

/** What a test file on real stores works with. */
export interface StoreTest {
  readonly server: TestDatabase;
  /** A fresh migrated database; closed after the file's tests. */
  database(): Promise<Database>;
}

/** Starts one server for all tests of the calling file and stops it after them. */
export function storeTest(): StoreTest {
  let server: TestDatabase | undefined;
  const open: Database[] = [];
  before(async () => {
    server = await startTestDatabase();
  });
  after(async () => {
    await Promise.all(open.map((db) => db.close()));
    await server?.stop();
  });
  const running = () => {
    if (server === undefined) throw new Error('the server is started before the tests');
    return server;
  };
  return {
    get server() {
      return running();
    },
    database: async () => {
      const url = await running().migratedDatabase('test');
      const db = openDatabase({ url, applicationName: 'test' });
      open.push(db);
      return db;
    },
  };
}
