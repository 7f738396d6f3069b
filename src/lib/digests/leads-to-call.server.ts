import type { LeadFilter } from '#lib/leads/inputs.ts';
import { listLeads } from '#lib/leads/list.server.ts';
import { firstCallsDue } from '#lib/leads/to-call.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { count, READ, some } from './counted.ts';
import type { DigestLine, DigestSection } from './model.ts';

/** Of his people's leads those that are to be called; and those for his teams that wait for somebody, late or not. */
export async function leadsToCall(tx: Tx, actor: Actor): Promise<DigestSection> {
  const heads = actor.headedTeamIds.length > 0;
  const whose = heads ? { people: true } : { mine: true };
  const of = `rm=${heads ? 'people' : 'me'}`;
  const read = (filter: LeadFilter) => listLeads(tx, actor, { filter, limit: READ });
  const late = await read({ ...whose, promise: 'overdue' });
  const today = await read({ ...whose, promise: 'today' });
  const waiting = heads ? await read({ waiting: true, status: ['new', 'wip'] }) : null;
  const lateThere = waiting?.total ? await read({ waiting: true, promise: 'overdue' }) : null;
  const overdue = [...late.items, ...(lateThere?.items ?? [])];
  const others = [...today.items, ...(waiting?.items ?? [])];
  const calls = await firstCallsDue(
    tx,
    [...overdue, ...others].map(({ id }) => id)
  );
  const lines = [
    ...overdue.map((lead) => ({ ...leadLine(lead, calls), late: true })),
    ...others.map((lead) => leadLine(lead, calls))
  ];
  return {
    key: 'leads',
    counts: some([
      count('leadsOverdue', late, `/leads?${of}&promise=overdue`),
      count('leadsToday', today, `/leads?${of}&promise=today`),
      ...(waiting ? [count('leadsWaiting', waiting, '/leads?rm=waiting&status=open')] : [])
    ]),
    lines: lines.filter(({ path }, n) => lines.findIndex((one) => one.path === path) === n)
  };
}

type Lead = Awaited<ReturnType<typeof listLeads>>['items'][number];

function leadLine({ id, number, name, rm, nextFollowUpOn }: Lead, firstCalls: Map<number, Date>): DigestLine {
  const firstCall = firstCalls.get(id)?.toISOString();
  return {
    path: `/leads/${id}`,
    text: `${number} ${name}`,
    who: rm?.name ?? null,
    ...(nextFollowUpOn && { on: nextFollowUpOn }),
    ...(firstCall && { firstCall })
  };
}
