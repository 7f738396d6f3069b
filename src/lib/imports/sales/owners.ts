import type { Account, Agent, Opportunity } from './model.ts';

interface Merit {
  agent: Agent;
  wins: number;
  /** In hundredths, so that sums are exact. */
  won: bigint;
  touched: number;
}

/**
 * Who looks after each account: the agent with the most wins there. Ties go to the greater value won, then to the
 * name that sorts first. An account nobody won at goes to whoever has most opportunities there.
 */
export function ownersOf(opportunities: Opportunity[]): Map<Account, Agent> {
  const records = new Map<Account, Map<Agent, Merit>>();
  for (const opportunity of opportunities) {
    if (opportunity.account) count(recordOf(records, opportunity.account, opportunity.agent), opportunity);
  }
  return new Map(
    [...records].flatMap(([account, agents]) => {
      const [best] = [...agents.values()].sort(byMerit);
      return best ? [[account, best.agent] as const] : [];
    })
  );
}

function recordOf(records: Map<Account, Map<Agent, Merit>>, account: Account, agent: Agent): Merit {
  const agents = records.get(account) ?? new Map<Agent, Merit>();
  records.set(account, agents);
  const record = agents.get(agent) ?? { agent, wins: 0, won: 0n, touched: 0 };
  agents.set(agent, record);
  return record;
}

function count(record: Merit, { status, value }: Opportunity): void {
  record.touched += 1;
  if (status !== 'converted') return;
  record.wins += 1;
  record.won += hundredths(value ?? '0');
}

function byMerit(a: Merit, b: Merit): number {
  if (a.wins !== b.wins) return b.wins - a.wins;
  if (a.won !== b.won) return a.won < b.won ? 1 : -1;
  if (a.wins === 0 && a.touched !== b.touched) return b.touched - a.touched;
  return a.agent.name < b.agent.name ? -1 : 1;
}

function hundredths(amount: string): bigint {
  const [whole = '0', part = ''] = amount.split('.');
  return BigInt(whole) * 100n + BigInt(part.padEnd(2, '0'));
}
