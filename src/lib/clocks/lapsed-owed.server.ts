import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { OpenClock } from './open-clocks.server.ts';
import { readClientFacts, readLeadFacts, stateOf } from './refresh-facts.server.ts';
import { CLIENT_RULES, LEAD_RULES, type Rules } from './refresh-promises.ts';

/** Of promises on leads or on clients that are void, those that the record would not end at once, were they to run. */
export async function stillOwed(tx: Tx, kind: 'lead' | 'client', clocks: OpenClock[]): Promise<OpenClock[]> {
  const ids = [...new Set(clocks.map(({ subjectId }) => subjectId))];
  return kind === 'lead'
    ? owedOf(await readLeadFacts(tx, ids), LEAD_RULES, clocks)
    : owedOf(await readClientFacts(tx, ids), CLIENT_RULES, clocks);
}

function owedOf<F extends { id: number }>(records: F[], rules: Rules<F>, clocks: OpenClock[]): OpenClock[] {
  const facts = new Map(records.map((each) => [each.id, each]));
  return clocks.filter((clock) => {
    const record = facts.get(clock.subjectId);
    const change =
      record && rules[clock.target]?.change(record, { running: stateOf(clock), kept: undefined }, clock.now);
    return change !== undefined && change.end === undefined;
  });
}
