import { sql } from 'drizzle-orm';
import { mergeHolds, type HoldRow, type TitledEntry } from '#lib/clocks/hold-history.server.ts';
import { historyOf, type HistoryEntry } from '#lib/platform/audit/history.server.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/** Columns that hold an id, and whose. */
const REFERENCES = {
  conversion_rm_id: 'users',
  obtained_by_id: 'users',
  team_id: 'teams',
  product_id: 'products',
  given_by_client_id: 'clients',
  client_id: 'clients'
} as const;

type Column = keyof typeof REFERENCES;
type Table = (typeof REFERENCES)[Column];

export interface LeadHistory {
  history: TitledEntry[];
  /** Names of the records that changes speak of, by column and id: `conversion_rm_id:7`; none for hidden ones. */
  names: Record<string, string>;
}

/** The changes of a lead the actor sees and its holds, as `holdsColumn` reads them, newest first, with the names they need to be read. */
export async function leadHistory(tx: Tx, id: number, holds: HoldRow[]): Promise<LeadHistory> {
  const history = mergeHolds(await historyOf(tx, 'leads', id), holds);
  const mentioned = history.flatMap(({ oldValues, newValues }) => [...idsIn(oldValues), ...idsIn(newValues)]);
  const found = await namesOf(tx, mentioned);
  const named = mentioned.flatMap(({ column, id: other }) => {
    const name = found.get(`${REFERENCES[column]}:${other}`);
    return name === undefined ? [] : [[`${column}:${other}`, name] as const];
  });
  const names = Object.fromEntries(named);
  const told = (values: HistoryEntry['oldValues']) => withoutUnseen(values, names);
  return {
    history: history.map((entry) => ({
      ...entry,
      oldValues: told(entry.oldValues),
      newValues: told(entry.newValues)
    })),
    names
  };
}

/** An id alone would tell of a record the actor does not see. */
function withoutUnseen(values: HistoryEntry['oldValues'], names: LeadHistory['names']) {
  if (!values) return values;
  const unseen = new Set(
    idsIn(values)
      .filter(({ column, id }) => !(`${column}:${id}` in names))
      .map(({ column }): string => column)
  );
  return Object.fromEntries(Object.entries(values).filter(([column]) => !unseen.has(column)));
}

interface Mention {
  column: Column;
  id: number;
}

function idsIn(values: Record<string, unknown> | null): Mention[] {
  return (Object.keys(REFERENCES) as Column[]).flatMap((column) => {
    const id = values?.[column];
    return typeof id === 'number' ? [{ column, id }] : [];
  });
}

async function namesOf(tx: Tx, mentioned: Mention[]): Promise<Map<string, string>> {
  if (mentioned.length === 0) return new Map();
  const idsOf = (table: Table) =>
    idArray(mentioned.filter(({ column }) => REFERENCES[column] === table).map(({ id }) => id));
  const rows = await tx.execute<{ kind: Table; id: number; name: string }>(sql`
    select 'users' as kind, id, name from users where id = any (${idsOf('users')})
    union all select 'teams', id, name from teams where id = any (${idsOf('teams')})
    union all select 'products', id, name from products where id = any (${idsOf('products')})
    union all select 'clients', id, name from clients where id = any (${idsOf('clients')})`);
  return new Map(rows.map(({ kind, id, name }) => [`${kind}:${id}`, name]));
}
