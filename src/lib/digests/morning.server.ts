import { listClients } from '#lib/clients/list.server.ts';
import { dueSince, wholeMinute, type DueSince } from '#lib/desk/due.ts';
import { listQueries } from '#lib/desk/query-reads.server.ts';
import { listRequests } from '#lib/desk/request-reads.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { count, READ, some } from './counted.ts';
import { dateAt, later, type Day } from './days.server.ts';
import { leadsToCall } from './leads-to-call.server.ts';
import type { DigestContent, DigestLine, DigestSection, SectionKey } from './model.ts';
import { movedLeads, pipelineOfHisPeople } from './pipeline.server.ts';

const SHOWN = 6;
/**
 * What somebody should know in the morning about his people's work, read under his identity by the very lists its
 * counts lead to, so that each list shows the rows that were counted.
 */
export async function morningContent(tx: Tx, actor: Actor, day: Day, since: Date): Promise<DigestContent> {
  const from = wholeMinute(since);
  const about = actor.headedTeamIds.length > 0 ? 'teams' : 'own';
  const leads = actor.grants['leads.view'] !== undefined;
  const moved = { from: dateAt(since, day.timeZone), to: later(day.date, -1) };
  const sections = [
    await work(tx, actor, 'newlyOverdue', { overdueFrom: from }, since, 'overdue-since'),
    await work(tx, actor, 'dueToday', { due: 'today' }, since),
    await work(tx, actor, 'escalated', { escalatedFrom: from }, since, 'escalated-since'),
    await work(tx, actor, 'stillOverdue', { overdueBefore: from }, since, 'overdue-before'),
    ...(leads ? [await leadsToCall(tx, actor)] : []),
    ...(leads ? [await movedLeads(tx, actor, moved, about)] : []),
    await reviews(tx, actor),
    await silent(tx, actor)
  ];
  return {
    kind: 'morning',
    about,
    since: since.toISOString(),
    sections: namedOnce(sections.filter(({ counts }) => counts.length > 0)),
    pipeline: leads ? await pipelineOfHisPeople(tx, actor, later(moved.from, -1), moved.to) : null,
    promises: null
  };
}

/**
 * What is escalated is often overdue too: it is counted in both and named in the first; the second says how many of its
 * own are named above.
 */
function namedOnce(sections: DigestSection[]): DigestSection[] {
  const named = new Set<string>();
  return sections.map((section) => {
    const lines: DigestLine[] = [];
    let above = 0;
    for (const line of section.lines) {
      if (named.has(line.path)) above += 1;
      else if (lines.length < SHOWN) lines.push(line);
    }
    for (const { path } of lines) named.add(path);
    return { ...section, lines, ...(above > 0 && { above }) };
  });
}

interface WorkFilter {
  due?: 'today';
  overdueFrom?: Date;
  overdueBefore?: Date;
  escalatedFrom?: Date;
}

async function work(
  tx: Tx,
  actor: Actor,
  key: SectionKey,
  filter: WorkFilter,
  since: Date,
  what?: DueSince
): Promise<DigestSection> {
  const due = what ? dueSince(what, since) : 'today';
  const asked = { filter: { ...filter, people: true }, limit: READ };
  const queries = await listQueries(tx, actor, {
    ...asked,
    filter: { ...asked.filter, status: ['open', 'in_progress'] }
  });
  const requests = await listRequests(tx, actor, {
    ...asked,
    filter: { ...asked.filter, status: ['pending', 'in_progress'] }
  });
  const lines = [
    ...queries.items.map(({ id, number, subject, client, rm, dueAt }) =>
      line(`/queries/${id}`, `${number} ${subject}, ${client.name}`, rm, dueAt)
    ),
    ...requests.items.map(({ id, number, type, client, assignee, dueAt }) =>
      line(`/requests/${id}`, `${number} ${type.name}, ${client.name}`, assignee, dueAt)
    )
  ];
  return {
    key,
    counts: some([
      count('queries', queries, `/queries?rm=people&due=${due}`),
      count('requests', requests, `/requests?assignee=people&due=${due}`)
    ]),
    lines: lines.sort((a, b) => (a.at ?? '~').localeCompare(b.at ?? '~'))
  };
}

const line = (
  path: string,
  text: string,
  who: { name: string | null } | null,
  dueAt: Date | null
): DigestLine => ({ path, text, who: who?.name ?? null, at: dueAt?.toISOString() ?? null });

async function reviews(tx: Tx, actor: Actor): Promise<DigestSection> {
  const of = (reviewDue: 'overdue' | 'week') =>
    listClients(tx, actor, { filter: { people: true, reviewDue }, sort: { by: 'nextReview' }, limit: READ });
  const [late, week] = [await of('overdue'), await of('week')];
  const path = (due: string) => `/clients?rm=people&reviewDue=${due}&sort=nextReview`;
  return {
    key: 'reviews',
    counts: some([count('reviewsOverdue', late, path('overdue')), count('reviewsWeek', week, path('week'))]),
    lines: [...late.items, ...week.items].map(({ id, number, name, rm, nextReviewOn }, place) => ({
      path: `/clients/${id}`,
      text: `${number} ${name}`,
      who: rm?.name ?? null,
      on: nextReviewOn,
      ...(place < late.items.length && { late: true })
    }))
  };
}

async function silent(tx: Tx, actor: Actor): Promise<DigestSection> {
  const of = (attention: 'urgent' | 'never') =>
    listClients(tx, actor, {
      filter: { people: true, attention },
      sort: { by: 'lastContact' },
      limit: READ
    });
  const [urgent, never] = [await of('urgent'), await of('never')];
  const path = (attention: string) => `/clients?rm=people&attention=${attention}&sort=lastContact`;
  return {
    key: 'silent',
    counts: some([count('urgent', urgent, path('urgent')), count('never', never, path('never'))]),
    lines: [...urgent.items, ...never.items].map(({ id, number, name, rm, lastContactAt }) => ({
      path: `/clients/${id}`,
      text: `${number} ${name}`,
      who: rm?.name ?? null,
      lastContactAt: lastContactAt?.toISOString() ?? null
    }))
  };
}
