import type { Sql } from 'postgres';
import { step } from '../../scripts/script.ts';
import { makeCatalogue } from './catalogue.ts';
import { makeClients, makeInteractions, makeLeads, makeParts } from './book.ts';
import { placeClocks } from './clocks.ts';
import { fillDerived } from './derived.ts';
import { makeClocks, makeDesk } from './desk.ts';
import { makePeople } from './people.ts';
import { sizesAt } from './sizes.ts';

/** Of the data: one more whenever they are made otherwise. */
export const EDITION = 2;

/**
 * Fills a migrated database in sets, as superuser with triggers off: what they keep is filled in sets too.
 * The defaults of a firm (roles, request types, policies) are there already.
 */
export async function makeData(sql: Sql, scale: number): Promise<void> {
  const sizes = sizesAt(scale);
  await sql`set session_replication_role = replica`;
  await sql`set synchronous_commit = off`;
  await sql`set maintenance_work_mem = '256MB'`;
  await makePeople(sql);
  await makeCatalogue(sql, sizes);
  await step(`Making ${sizes.clients} clients`, async () => {
    await makeClients(sql, sizes);
    await makeParts(sql);
    await makeLeads(sql, sizes);
  });
  await step(`Making ${sizes.interactions} interactions`, () => makeInteractions(sql, sizes));
  await step(`Making ${sizes.requests} open requests`, async () => {
    await makeDesk(sql, sizes);
    await makeClocks(sql);
  });
  await step('Deriving access, last contacts, open work and words', async () => {
    await fillDerived(sql);
    await placeClocks(sql);
  });
  await step('Gathering statistics', () => sql`vacuum (analyze)`);
  await sql`create schema if not exists bench`;
  await sql`create table bench.made as select ${EDITION}::int as edition, ${scale}::float8 as scale, now() as at`;
}
