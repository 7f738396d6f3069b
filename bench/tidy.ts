import type { Sql } from 'postgres';
import { refreshLastContacts } from './data/derived.ts';
import { placeClocks } from './data/clocks.ts';

/** Takes back what an earlier run added, so that every run meets the same firm. */
export async function tidy(sql: Sql): Promise<void> {
  await sql`set session_replication_role = replica`;
  const touched = await sql<{ id: number }[]>`
    delete from interactions where subject like 'Benchmark %' returning client_id::int as id`;
  await refreshLastContacts(sql, [...new Set(touched.map(({ id }) => id))]);
  const added = await sql<
    { id: number }[]
  >`select id::int as id from clients where pan_exempt_reason = 'A benchmark has none'`;
  const ids = added.map(({ id }) => id);
  await sql`delete from client_contact_points where client_id = any (${ids}::bigint[])`;
  await sql`delete from client_addresses where client_id = any (${ids}::bigint[])`;
  await sql`delete from client_access where client_id = any (${ids}::bigint[])`;
  await sql`delete from clients where id = any (${ids}::bigint[])`;
  await sql`delete from search_words where word ~ '[0-9]'`;
  await sql`delete from notifications where key not like 'bench:%'`;
  await sql`truncate audit_log, mail_outbox, job_outbox, job_runs, dead_letters, digests, pipeline_snapshots, sessions`;
  await sql`set session_replication_role = origin`;
  await placeClocks(sql);
  await sql`vacuum (analyze)`;
}
