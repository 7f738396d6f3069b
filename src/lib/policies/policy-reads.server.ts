import { sql, type SQL } from 'drizzle-orm';
import { databaseNow } from '#lib/clocks/commands.server.ts';
import { TARGETS_OF, type SubjectKind, type TargetName, type TargetUnit } from '#lib/clocks/model.ts';
import { planNew } from '#lib/clocks/new-clocks.server.ts';
import { loadPolicies, matchOf } from '#lib/clocks/policies.server.ts';
import { jsonRows } from '#lib/clocks/rows.server.ts';
import { historyOf, type HistoryEntry } from '#lib/platform/audit/history.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { NotFound } from '#lib/platform/errors.ts';
import { fitsNone } from './policy-doubts.server.ts';
import type { PolicyChoices } from './choices.ts';
import { hiddenBehind } from './criteria.ts';
import type { z } from 'zod';
import type { tryPolicyInput } from './policy-inputs.ts';
import { toVersion, versionJson, versionsOf, type PolicyRow } from './policy-rows.server.ts';
import { recomputesOf, recomputesUnderWay } from './recompute-reads.server.ts';

/** What a policy looks at, in words; null where it matches any. */
interface MatchWords {
  requestType: string | null;
  tier: string | null;
  team: string | null;
}

/** Why it can match nothing as things are. */
interface Doubts {
  /** The type is no longer offered. */
  typeGone: boolean;
  teamGone: boolean;
  tierGone: boolean;
  /** No client has the tag. */
  tagUnused: boolean;
  /** No open record is as it asks. */
  fitsNone: boolean;
}

type Listed = PolicyRow & MatchWords & Doubts & { running: number; terms: Parameters<typeof toVersion>[0] };

const policyJson = sql`'id', p.id, 'version', p.version, 'name', p.name, 'active', p.active,
    'subjectKind', p.subject_kind, 'requestTypeId', p.request_type_id, 'priority', p.priority,
    'clientTier', p.client_tier, 'clientTag', p.client_tag, 'teamId', p.team_id,
    'requestType', r.name, 'tier', coalesce(l.label, p.client_tier), 'team', m.name,
    'typeGone', r.active is false, 'teamGone', m.active is false,
    'tierGone', p.client_tier is not null and l.active is not true,
    'tagUnused', p.client_tag is not null
      and not exists (select 1 from client_tags g where g.tag = p.client_tag),
    'fitsNone', ${fitsNone},
    'running', (select count(*) from clocks k join policy_versions o on o.id = k.policy_version_id
      where o.policy_id = p.id and k.state in ('running', 'paused')),
    'terms', ${versionJson}`;

function readPolicies(tx: Tx, condition: SQL): Promise<Listed[]> {
  return jsonRows<Listed>(
    tx,
    sql`select json_build_object(${policyJson}) as row from policies p
      cross join lateral (select * from policy_versions where policy_id = p.id order by version desc limit 1) v
      left join request_types r on r.id = p.request_type_id
      left join teams m on m.id = p.team_id
      left join list_items l on l.list = 'client_tier' and l.key = p.client_tier
      where ${condition} order by p.position, p.id`
  );
}

/** Every policy in the order in which they are tried, kind by kind, with what can never match. */
export async function listPolicies(tx: Tx) {
  const rows = await readPolicies(tx, sql`true`);
  const hidden = hiddenBehind(rows);
  const items = rows.map(({ terms, ...row }) => ({
    ...row,
    ...termsOf(toVersion(terms)),
    hiddenBehind: nameOf(hidden.get(row.id))
  }));
  return {
    items,
    nextCursor: null,
    total: items.length,
    totalIsEstimate: false,
    recomputes: await recomputesUnderWay(tx)
  };
}

const nameOf = (policy: { id: number; name: string } | undefined) =>
  policy ? { id: policy.id, name: policy.name } : null;

const termsOf = ({
  targets,
  steps,
  calendar,
  pausesClient,
  pausesThirdParty
}: ReturnType<typeof toVersion>) => ({
  ...{ targets, steps, calendar, pausesClient, pausesThirdParty }
});

export type ListedPolicy = Awaited<ReturnType<typeof listPolicies>>['items'][number];

/** Everything for a policy's page: as its form has it, with all versions, and what else stands in its way. */
export async function policyById(tx: Tx, id: number) {
  const [row] = await readPolicies(tx, sql`p.id = ${id}`);
  if (!row) throw new NotFound();
  const versions = await versionsOf(tx, id);
  const [latest] = versions;
  if (!latest) throw new NotFound();
  const { terms: _, ...policy } = row;
  const { targets, steps, calendarId, pausesClient, pausesThirdParty, workingHoursOnly } = latest;
  const all = await readPolicies(tx, sql`p.subject_kind = ${row.subjectKind}`);
  return {
    ...policy,
    ...{ calendarId, pausesClient, pausesThirdParty, workingHoursOnly, targets, steps, versions },
    hiddenBehind: nameOf(hiddenBehind(all).get(id)),
    /** Clocks that ran under any version of it, those too that ended or went over to another policy. */
    clocks: await clocksUnder(tx, id),
    recomputes: await recomputesOf(tx, { policyId: id }),
    history: withoutPlaces(await historyOf(tx, 'policies', id))
  };
}

/** Others being added or moved renumbers places, which says nothing about this policy. */
const withoutPlaces = (entries: HistoryEntry[]) =>
  entries
    .map((entry) => ({
      ...entry,
      oldValues: withoutPlace(entry.oldValues),
      newValues: withoutPlace(entry.newValues)
    }))
    .filter(({ action, newValues }) => action !== 'update' || Object.keys(newValues ?? {}).length > 0);

function withoutPlace(values: HistoryEntry['newValues']) {
  if (!values) return null;
  const { position: _, ...rest } = values;
  return rest;
}

async function clocksUnder(tx: Tx, id: number): Promise<number> {
  const [row] = await tx.execute<{ clocks: number }>(sql`select app.clocks_under(${id})::int as clocks`);
  return row?.clocks ?? 0;
}

/** What a policy may name, in one statement: types, teams, tiers, tags in use and calendars. */
export async function policyChoices(tx: Tx): Promise<PolicyChoices> {
  const [choices] = await jsonRows<PolicyChoices>(
    tx,
    sql`select json_build_object(
      'types', (select coalesce(json_agg(json_build_object('id', id, 'name', name, 'active', active)
          order by position, name), '[]'::json) from request_types),
      'teams', (select coalesce(json_agg(json_build_object('id', id, 'name', name) order by name), '[]'::json)
          from teams where active),
      'tiers', (select coalesce(json_agg(json_build_object('key', key, 'label', label) order by position), '[]'::json)
          from list_items where list = 'client_tier' and active),
      'tags', (select coalesce(json_agg(tag order by tag), '[]'::json)
          from (select distinct tag from client_tags limit 500) t),
      'calendars', (select coalesce(json_agg(json_build_object('id', id, 'name', name) order by name), '[]'::json)
          from calendars)) as row`
  );
  if (!choices) throw new NotFound();
  return choices;
}

interface Tried {
  policy: { id: number; name: string } | null;
  /** When each promise would be due if it came in now; null for those that wait for a date of the record. */
  promises: { target: TargetName; amount: number; unit: TargetUnit; dueAt: Date | null }[];
}

/** Which policy a record like this would come under if it came in now, and what it would be promised. */
export async function tryPolicy(tx: Tx, input: z.output<typeof tryPolicyInput>): Promise<Tried> {
  const { subjectKind: kind, clientTag, ...match } = input;
  const subject = { kind, id: 0, clientId: null, ...match, clientTags: clientTag ? [clientTag] : [] };
  const policy = matchOf(await loadPolicies(tx, kind), subject);
  if (!policy) return { policy: null, promises: [] };
  const [named] = await tx.execute<{ name: string }>(
    sql`select name from policies where id = ${policy.policyId}`
  );
  const now = await databaseNow(tx);
  const promises = policy.targets.map((target) => ({
    ...target,
    dueAt:
      target.unit === 'on_date'
        ? null
        : planNew(policy, target, subject, { startedAt: now, cause: '', now }).plan.dueAt
  }));
  return { policy: { id: policy.policyId, name: named?.name ?? '' }, promises: inOrder(kind, promises) };
}

const inOrder = <Promise extends { target: TargetName }>(kind: SubjectKind, promises: Promise[]) =>
  promises.sort((a, b) => TARGETS_OF[kind].indexOf(a.target) - TARGETS_OF[kind].indexOf(b.target));
