import type postgres from 'postgres';
import type { TestFirm } from './firm.ts';
import { mintClient } from './records.ts';

/** A zone where it is about noon now, so that no firm date ends and no working hour begins during a drill. */
export function noonZone(now = new Date()): string {
  const ahead = 12 - now.getUTCHours();
  // The signs of these zones are the other way round.
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

/** The firm lives where it is noon and works on every day of the week. */
export async function workAtNoon(superuser: postgres.Sql): Promise<string> {
  const zone = noonZone();
  await superuser`update firm_settings set time_zone = ${zone}`;
  await superuser`update calendars set time_zone = ${zone}`;
  await superuser`delete from calendar_windows`;
  await superuser`insert into calendar_windows (calendar_id, weekday, opens, closes)
    select id, day, '00:00', '23:59' from calendars cross join generate_series(1, 7) day`;
  return zone;
}

/**
 * Requests of two people with a clock each, whose three steps tell the assignee, the head and the administrator. All
 * steps are in the past; nothing is due before `letDue`.
 */
export async function makeSleepingClocks(
  superuser: postgres.Sql,
  firm: TestFirm,
  count: number
): Promise<void> {
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  const people = [firm.ops.userId, firm.ops2.userId];
  // No triggers: they would take longer than the drill.
  await superuser`set session_replication_role = replica`;
  await superuser`
    insert into service_requests (client_id, type_id, team_id, assignee_id)
    select ${clientId}, ${firm.requestTypeId}, ${firm.teams.ops}, (${people}::bigint[])[1 + n % 2]
    from generate_series(1, ${count}::int) n`;
  await superuser`
    insert into clocks (subject_kind, subject_id, client_id, target, policy_version_id, calendar_id, started_at, due_at)
    select 'request', r.id, r.client_id, 'resolution', v.id, v.calendar_id, now() - interval '9 days', now() - interval '1 day'
    from service_requests r
    cross join (select v.id, v.calendar_id from policy_versions v join policies p on p.id = v.policy_id
      where p.subject_kind = 'request' order by v.id limit 1) v`;
  await superuser`
    insert into clock_steps (clock_id, step_key, position, kind, tell, action_at)
    select k.id, s.key, s.position, s.kind, s.tell, now() - (4 - s.position) * interval '2 hours'
    from clocks k cross join (values ('warning', 1, 'warning', 'assignee'), ('breach', 2, 'breach', 'head'),
      ('administrators', 3, 'escalation', 'administrators')) s (key, position, kind, tell)
    where k.subject_kind = 'request'`;
  await superuser`set session_replication_role = origin`;
  await superuser`analyze`;
}

/** Lets the next so many sleeping clocks fall due; returns how many there were. */
export async function letDue(superuser: postgres.Sql, count: number): Promise<number> {
  const woken = await superuser`
    update clocks set next_action_at = now() where id in (
      select k.id from clocks k where k.subject_kind = 'request' and k.next_action_at is null
        and not exists (select 1 from escalations e where e.clock_id = k.id)
      order by k.id limit ${count})`;
  return woken.count;
}

/** What is still to be done, by kind; all zero when everything is. */
export async function unsettled(superuser: postgres.Sql): Promise<Record<string, number>> {
  const [row] = await superuser<Record<string, number>[]>`
    select (select count(*)::int from clocks where next_action_at <= now()) as clocks,
      (select count(*)::int from escalations where told_at is null and told_user_ids = '{}') as untold,
      (select count(*)::int from notifications where delivery = 'mail' and mailed_at is null) as unmailed,
      (select count(*)::int from job_outbox where finished_at is null and run_at <= now()) as jobs,
      (select count(*)::int from mail_outbox where state = 'pending') as mails,
      (select count(*)::int from job_runs where state <> 'done') as runs,
      (select count(*)::int from clock_refresh) as refresh,
      (select count(*)::int from clock_recomputes where finished_at is null) as recomputes,
      (select count(*)::int from dead_letters) as dead`;
  return row ?? {};
}

export async function isSettled(superuser: postgres.Sql): Promise<boolean> {
  return Object.values(await unsettled(superuser)).every((count) => count === 0);
}

/** Of the sleeping clocks that were woken: steps missing, steps untold, and people told more or less than once. */
export async function faultsOfEscalation(superuser: postgres.Sql): Promise<Record<string, number>> {
  const [row] = await superuser<Record<string, number>[]>`
    with told as (
      select unnest(told_user_ids) as user_id from escalations e join clocks k on k.id = e.clock_id
      where k.subject_kind = 'request')
    select (select count(*)::int from clock_steps s join clocks k on k.id = s.clock_id
        where k.subject_kind = 'request' and (k.breached_at is not null or k.next_action_at <= now()) and not exists (
          select 1 from escalations e where e.clock_id = s.clock_id and e.step_key = s.step_key and e.turn = s.turn)) as "notCarriedOut",
      (select count(*)::int from escalations where told_user_ids = '{}') as untold,
      (select count(*)::int from told) - (
        select coalesce(sum(case when key like 'escalation:%' then 1 else substring(title from '^[0-9]+')::int end), 0)::int
        from notifications where key like 'escalation%' and user_id in (select user_id from told)) as "toldNotOnce"`;
  return row ?? {};
}

/** Faults in what was mailed: the fate of each mail in the outbox against what the mail server took. */
export async function faultsOfMail(superuser: postgres.Sql, received: readonly string[]) {
  const mails = await superuser<
    { messageId: string; state: string }[]
  >`select message_id as "messageId", state from mail_outbox`;
  const taken = received.map((text) => /^Message-ID:\s*(\S+)/im.exec(text)?.[1] ?? '');
  const times = new Map<string, number>();
  for (const id of taken) times.set(id, (times.get(id) ?? 0) + 1);
  return {
    lost: mails.filter(({ messageId, state }) => state === 'sent' && !times.has(messageId)).length,
    twice: [...times.values()].filter((count) => count > 1).length,
    unasked: [...times.keys()].filter((id) => !mails.some(({ messageId }) => messageId === id)).length,
    inDoubt: mails.filter(({ state }) => state === 'sending' || state === 'unknown').length
  };
}
