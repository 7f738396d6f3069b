import { sql } from 'drizzle-orm';
import { withHolds, type TitledEntry } from '#lib/clocks/hold-history.server.ts';
import { historyOf } from '#lib/platform/audit/history.server.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/** Columns that hold an id, and whose; everybody may know the names of colleagues and teams. */
const REFERENCES = { rm_id: 'users', assignee_id: 'users', team_id: 'teams' } as const;
type Column = keyof typeof REFERENCES;

export interface DeskHistory {
  history: TitledEntry[];
  /** Names of the colleagues and teams that changes speak of, by column and id: `rm_id:7`. */
  names: Record<string, string>;
}

/** The changes of a query or a request the actor sees and of its holds, newest first, with the names they need to be read. */
export async function deskHistory(
  tx: Tx,
  table: 'queries' | 'service_requests',
  id: number
): Promise<DeskHistory> {
  const kind = table === 'queries' ? 'query' : 'request';
  const history = await withHolds(tx, { kind, id }, await historyOf(tx, table, id));
  const named = history.flatMap(({ oldValues, newValues }) => [...idsIn(oldValues), ...idsIn(newValues)]);
  if (named.length === 0) return { history, names: {} };
  const idsOf = (whose: string) =>
    idArray(named.filter(([column]) => REFERENCES[column] === whose).map(([, value]) => value));
  const rows = await tx.execute<{ kind: string; id: number; name: string }>(sql`
    select 'users' as kind, id, name from users where id = any (${idsOf('users')})
    union all select 'teams', id, name from teams where id = any (${idsOf('teams')})`);
  const found = new Map(rows.map((row) => [`${row.kind}:${row.id}`, row.name]));
  const names = named.flatMap(([column, value]) => {
    const name = found.get(`${REFERENCES[column]}:${value}`);
    return name === undefined ? [] : [[`${column}:${value}`, name] as const];
  });
  return { history, names: Object.fromEntries(names) };
}

function idsIn(values: Record<string, unknown> | null): [Column, number][] {
  return (Object.keys(REFERENCES) as Column[]).flatMap((column) => {
    const value = values?.[column];
    return typeof value === 'number' ? [[column, value] as [Column, number]] : [];
  });
}
