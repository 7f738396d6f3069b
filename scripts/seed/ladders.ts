import { sql } from 'drizzle-orm';
import { replan } from '#lib/clocks/clock-writes.server.ts';
import { clocksDue } from '#lib/clocks/jobs.server.ts';
import { lockClocks, type OpenClock } from '#lib/clocks/open-clocks.server.ts';
import { planClock } from '#lib/clocks/plan.ts';
import { tellEscalations } from '#lib/escalation/commands.server.ts';
import { baseUrl } from '#lib/platform/config.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

/** A step whose time came while the work was open. */
interface Passed {
  clock_id: number;
  step_key: string;
  policy_version_id: number;
  kind: string;
  tell: string;
  tell_user_id: number | null;
  does: string[];
  at: Date;
}

/**
 * The steps that fell due while work was open were carried out then, whatever hour it is now: of finished work whoever
 * has it was told, of open work everybody whom the ladder names.
 */
export async function climbLadders(tx: Tx): Promise<void> {
  const rows = await tx.execute<{ id: number; ended: string | null }>(
    sql`select id::int as id, ended_at as ended from clocks where state <> 'cancelled'`
  );
  const ended = new Map([...rows].flatMap(({ id, ended: at }) => (at ? [[id, new Date(at)] as const] : [])));
  const ids = [...rows].map(({ id }) => id);
  const passed = (await lockClocks(tx, ids)).flatMap((clock) => stepsBefore(clock, ended.get(clock.id)));
  const [finished, open] = [true, false].map((done) =>
    passed.filter(({ clock_id: id }) => ended.has(id) === done)
  );
  await carryOut(tx, finished ?? [], sql`array[coalesce(q.rm_id, r.assignee_id)]`);
  await tx.execute(sql`update clocks set breached_at = due_at where state = 'running' and due_at <= now()`);
  await tellDayByDay(tx, open ?? []);
  const running = await lockClocks(
    tx,
    ids.filter((id) => !ended.has(id))
  );
  await replan(tx, running);
}

function stepsBefore(clock: OpenClock, ended = clock.now): Passed[] {
  const { steps: moments } = planClock(clock.terms, clock.segments, clock.steps, clock.now);
  return clock.steps.flatMap(({ key, kind, tell, tellUserId, does }) => {
    const at = moments.get(key);
    if (!at || at >= ended) return [];
    const row = { clock_id: clock.id, step_key: key, policy_version_id: clock.policyVersionId, kind };
    return [{ ...row, tell, tell_user_id: tellUserId, does, at }];
  });
}

/** `told`: ids of the people who heard of it then, of the query `q` or the request `r`. */
async function carryOut(tx: Tx, steps: Passed[], told: ReturnType<typeof sql>): Promise<void> {
  await tx.execute(sql`
    insert into escalations (clock_id, step_key, policy_version_id, kind, tell, tell_user_id, does, action_at,
      carried_out_at, told_user_ids, told_at)
    select w.clock_id, w.step_key, w.policy_version_id, w.kind, w.tell, w.tell_user_id, w.does, w.at, w.at, ${told},
      case when ${told} <> '{}' then w.at end
    from jsonb_to_recordset(${JSON.stringify(steps)}::text::jsonb) as w(clock_id bigint, step_key text,
      policy_version_id bigint, kind text, tell text, tell_user_id bigint, does text[], at timestamptz)
    join clocks k on k.id = w.clock_id
    left join queries q on k.subject_kind = 'query' and q.id = k.subject_id
    left join service_requests r on k.subject_kind = 'request' and r.id = k.subject_id
    order by w.at, w.clock_id`);
}

/** Everybody heard of each step on its day, and has read of it unless that was of late, or the last there was. */
async function tellDayByDay(tx: Tx, steps: Passed[]): Promise<void> {
  const days = Map.groupBy(
    steps.toSorted((a, b) => a.at.getTime() - b.at.getTime()),
    ({ at }) => at.toISOString().slice(0, 10)
  );
  // People are told in working hours only; these hours are past.
  const hours = await tx.execute<{ id: number }>(
    sql`update policy_versions set working_hours_only = false where working_hours_only returning id::int as id`
  );
  const last = [...days.values()].at(-1);
  for (const ofDay of days.values()) {
    await carryOut(tx, ofDay, sql`'{}'::bigint[]`);
    await tellEscalations(tx, baseUrl());
    await tellThen(tx, ofDay.at(-1)?.at ?? null, ofDay === last);
  }
  await tx.execute(sql`update policy_versions set working_hours_only = true
    where id = any (${`{${[...hours].map(({ id }) => id).join(',')}}`}::bigint[])`);
}

/** What was said just now was said then: read and sent since, and of what was still to come. */
async function tellThen(tx: Tx, moment: Date | null, isLast: boolean): Promise<void> {
  const at = sql`${moment?.toISOString() ?? null}::timestamptz`;
  const foretold = (column: string) => sql.raw(`${column} = replace(${column}, ' was due ', ' is due ')`);
  await tx.execute(sql`update escalations set told_at = carried_out_at where told_at = now()`);
  await tx.execute(
    sql`update notifications set ${foretold('title')} where kind = 'warning' and created_at = now()`
  );
  await tx.execute(sql`update mail_outbox set ${foretold('subject')}, ${foretold('text')}, ${foretold('html')}
    where kind = 'warning' and created_at = now()`);
  await tx.execute(sql`
    update notifications set created_at = ${at}, mailed_at = ${at},
      read_at = coalesce(read_at, case when not ${isLast} and ${at} < now() - interval '3 days' then ${at} + interval '40 minutes' end)
    where created_at = now()`);
  await tx.execute(sql`update mail_outbox set state = 'sent', attempts = 1, created_at = ${at}, next_attempt_at = ${at},
    sending_at = ${at}, handed_over_at = ${at}, sent_at = ${at} where created_at = now()`);
}

/** The past asked for a job again and again; it takes one sweep to see that all of it is done. */
export async function forgetPastJobs(tx: Tx): Promise<void> {
  await tx.execute(
    sql`delete from job_outbox where id <> (select min(id) from job_outbox where job = ${clocksDue.name})`
  );
}
