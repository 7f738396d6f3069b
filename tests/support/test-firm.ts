import postgres from 'postgres';
import { afterAll, beforeAll } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { useTestDatabase, type TestDatabase } from './database.ts';
import { makeFirm, type TestFirm } from './firm.ts';

export let database: TestDatabase;
export let firm: TestFirm;
/** Connections that may look at every row and hold its lock; nothing of the app works through them. */
export let superuser: postgres.Sql;

/**
 * Gives the file that calls this at its top a database of its own, from before its first test until after its last.
 * `database` and `superuser` are there once its tests and later hooks run.
 */
export function useOwnDatabase(): void {
  beforeAll(async () => {
    database = await useTestDatabase();
    superuser = postgres(database.superuserUrl, { max: 3, onnotice: () => undefined });
  });

  afterAll(async () => {
    await closeDatabase();
    await superuser?.end();
    await database?.drop();
  });
}

/** The same with the firm of `makeFirm` in it, which is `firm` then. */
export function useTestFirm(): void {
  useOwnDatabase();
  beforeAll(async () => {
    firm = await makeFirm();
  });
}
