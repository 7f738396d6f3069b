import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { databaseNow } from './commands.server.ts';
import type { TargetName } from './model.ts';
import { readClientFacts, readLeadFacts } from './refresh-facts.server.ts';
import { CLIENT_RULES, LEAD_RULES, type Kept, type Rules } from './refresh-promises.ts';
import { readPast } from './refresh-undo.server.ts';

/** A promise that the record would owe from now on, were it made. */
interface Owed {
  /** Of the lead or the client. */
  id: number;
  target: TargetName;
  /** The date it would be for; null where the record names none. */
  onDate: string | null;
}

/** What these leads or clients would owe if it were promised to them and did not run yet. Writes nothing. */
export async function readOwed(tx: Tx, kind: 'lead' | 'client', ids: number[]): Promise<Owed[]> {
  const now = await databaseNow(tx);
  const kept = await readPast(tx, kind, ids);
  return kind === 'lead'
    ? owedOf(await readLeadFacts(tx, ids), LEAD_RULES, kept, now)
    : owedOf(await readClientFacts(tx, ids), CLIENT_RULES, kept, now);
}

type KeptOf = Kept & { subjectId: number; target: TargetName };

function owedOf<F extends { id: number }>(records: F[], rules: Rules<F>, kept: KeptOf[], now: Date): Owed[] {
  const keptOf = Map.groupBy(kept, ({ subjectId }) => subjectId);
  return records.flatMap((facts) =>
    Object.entries(rules).flatMap(([name, rule]) => {
      const target = name as TargetName;
      const past = keptOf.get(facts.id)?.find((each) => each.target === target);
      const { begin } = rule.change(facts, { running: undefined, kept: past }, now);
      return begin && !begin.keptAt ? [{ id: facts.id, target, onDate: begin.onDate }] : [];
    })
  );
}
