import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import type { LeasePool } from '#lib/platform/db/leases.server.ts';
import { transact } from '#lib/platform/db/transactions.server.ts';
import { randomFrom, type Random } from './random.ts';

const SEED = Number(process.env.RAPPORT_DRILL_SEED ?? 57);

export interface DrillResult {
  committed: number;
  rejected: number;
  /** Rows whose writer is not the person whose transaction it was. */
  wrong: number;
  /** Transactions that were answered as committed and of which a part is missing, or the reverse. */
  torn: number;
}

export const DRILL_TABLE = `
  create table drill (id bigint generated always as identity primary key, owner bigint not null, run text not null,
    writer bigint not null default nullif(current_setting('app.user_id', true), '')::bigint);
  alter table drill enable row level security;
  alter table drill force row level security;
  create policy own on drill to rapport_scoped using (true) with check (true);
  grant select, insert on drill to rapport_scoped;`;

const begin = (user: number) =>
  `begin; set local role rapport_scoped; select set_config('app.user_id', '${user}', true)`;

/** Two rows by the user in one transaction, with a pause between so that a kill can fall into it. */
async function writeTwice(pool: LeasePool, user: number, run: string, random: Random): Promise<boolean> {
  try {
    await transact(pool, begin(user), async (tx) => {
      await tx.execute(sql`insert into drill (owner, run) values (${user}, ${run})`);
      await pause(random.next() * 4);
      const inFlight = random.chance(0.3) ? tx.execute(sql`select pg_sleep(0.003)`) : null;
      await tx.execute(sql`insert into drill (owner, run) values (${user}, ${run})`);
      await inFlight;
    });
    return true;
  } catch {
    return false;
  }
}

/** Cuts backends of the pool at random moments until told to stop; returns how many it cut. */
async function killAtRandom(
  superuser: postgres.Sql,
  { name, kills, random }: { name: string; kills: number; random: Random },
  done: () => boolean
) {
  let killed = 0;
  while (killed < kills && !done()) {
    await pause(random.next() * 20);
    const cut = await superuser`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = ${name} order by random() limit 1`;
    killed += cut.length;
  }
  return killed;
}

/** Interleaves transactions of two users over the pool while its backends are killed. */
export async function drill(
  pool: LeasePool,
  options: { superuserUrl: string; name: string; transactions: number; kills: number; atOnce: number }
): Promise<DrillResult & { killed: number }> {
  const random = randomFrom(SEED);
  const superuser = postgres(options.superuserUrl, { max: 1, onnotice: () => undefined });
  const outcomes = new Map<string, boolean>();
  let next = 0;
  let finished = false;
  const worker = async () => {
    while (next < options.transactions) {
      const number = next++;
      outcomes.set(`t${number}`, await writeTwice(pool, 1 + (number % 2), `t${number}`, random));
    }
  };
  const killing = killAtRandom(superuser, { ...options, random }, () => finished);
  await Promise.all(Array.from({ length: options.atOnce }, worker));
  finished = true;
  const killed = await killing;
  const rows = await superuser<{ run: string; rows: string; wrong: string }[]>`
    select run, count(*) as rows, count(*) filter (where writer is distinct from owner) as wrong from drill group by run`;
  await superuser.end();
  const written = new Map(rows.map((row) => [row.run, Number(row.rows)]));
  const committed = [...outcomes.values()].filter(Boolean).length;
  return {
    killed,
    committed,
    rejected: outcomes.size - committed,
    wrong: rows.reduce((sum, row) => sum + Number(row.wrong), 0),
    torn: [...outcomes].filter(([run, ok]) => {
      const count = written.get(run) ?? 0;
      // A commit whose answer was lost may have happened; half of a transaction never may.
      return ok ? count !== 2 : count !== 0 && count !== 2;
    }).length
  };
}
