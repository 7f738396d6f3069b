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
 * Gives the file that calls this at its top a database of its own with the firm of `makeFirm`, from before its first
 * test until after its last. `database`, `firm` and `superuser` are there once its tests and later hooks run.
 */
export function useTestFirm(): void {
  beforeAll(async () => {
    database = await useTestDatabase();
    superuser = postgres(database.superuserUrl, { max: 3, onnotice: () => undefined });
    firm = await makeFirm();
  });

  afterAll(async () => {
    await closeDatabase();
    await superuser?.end();
    await database?.drop();
  });
}
