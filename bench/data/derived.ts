import type { Sql } from 'postgres';

/** What triggers would have kept: access, the last contact and attention, open work, the words of names. */
export async function fillDerived(sql: Sql): Promise<void> {
  await sql`
    insert into client_access (principal, client_id, sort_name, active)
    select distinct w.principal, c.id, c.sort_name, c.lifecycle = 'active'
    from clients c join (
      select id, primary_rm_id as principal from clients
      union all select id, secondary_rm_id from clients
      union all select client_id, coalesce(assignee_id, -team_id) from service_requests where status in ('pending', 'in_progress')
      union all select client_id, coalesce(rm_id, -team_id) from queries where status in ('open', 'in_progress')
    ) w on w.id = c.id and w.principal is not null`;
  await refreshLastContacts(sql, null);
  await sql`
    update clients c set open_work = w.open from (
      select client_id, count(*)::int as open from (
        select client_id from service_requests where status in ('pending', 'in_progress')
        union all select client_id from queries where status in ('open', 'in_progress')) o group by 1) w
    where c.id = w.client_id`;
  await sql`
    insert into search_words (word)
    select distinct w from (select name, organisation from clients union all select name, organisation from leads) n
    cross join lateral unnest(app.words_of(n.name || ' ' || coalesce(n.organisation, ''))) w on conflict do nothing`;
}

/** For the clients named, or for all. */
export async function refreshLastContacts(sql: Sql, clientIds: number[] | null): Promise<void> {
  await sql`
    update clients c set last_contact_at = i.occurred_at, last_contact_channel = i.channel, last_contact_by_id = i.user_id,
      last_contact_summary = i.subject,
      contact_warning_from = app.days_passed(i.occurred_at, c.contact_warning_days, f.time_zone),
      contact_urgent_from = app.days_passed(i.occurred_at, c.contact_urgent_days, f.time_zone)
    from firm_settings f, clients k left join lateral (
      select x.occurred_at, x.channel, x.user_id, x.subject from interactions x
      where x.client_id = k.id and x.is_contact order by x.occurred_at desc, x.id desc limit 1) i on true
    where c.id = k.id and (${clientIds}::bigint[] is null or k.id = any (${clientIds}::bigint[]))`;
}
