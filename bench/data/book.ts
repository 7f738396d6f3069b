import type { Sql } from 'postgres';
import type { Sizes } from './sizes.ts';
import { CITIES, FIRST_NAMES, LAST_NAMES, SUBJECTS, TRADES } from './words.ts';

/** One in fifty archived. Names are spread by multiplying with primes, so that every run makes the same firm. */
export async function makeClients(sql: Sql, { clients }: Sizes): Promise<void> {
  await sql`
    with rms as materialized (
      select array_agg(u.id order by u.id) as ids from users u join roles r on r.id = u.role_id and r.key = 'rm_executive')
    insert into clients (kind, name, organisation, type, tier, account_id, primary_rm_id, secondary_rm_id, pan_exempt_reason,
      review_every_months, next_review_on, lifecycle, created_by_id, created_at)
    select case when firm then 'organisation' else 'individual' end,
      case when firm then last || ' ' || (${TRADES}::text[])[1 + n % ${TRADES.length}] || ' Pvt Ltd' else first || ' ' || last end,
      case when n % 7 = 0 then last || ' ' || (${TRADES}::text[])[1 + n % ${TRADES.length}] end,
      case when firm then 'company' else 'individual' end,
      (array['platinum', 'gold', 'silver', 'standard'])[1 + n % 4], 'AC' || lpad(n::text, 8, '0'), rm,
      case when n % 3 = 0 then ids[1 + (rm_at - 1) / 8 * 8 + n % 8] end, 'Taken over from paper', 6,
      current_date - 60 + (n * 31 % 400), case when n % 50 = 49 then 'archived' else 'active' end, rm, now() - (n * 7919 % 1500) * interval '1 day' - n * interval '1 millisecond'
    from rms cross join generate_series(1, ${clients}::int) n
    cross join lateral (select n % 10 = 0 as firm, 1 + n * 13 % cardinality(ids) as rm_at,
      (${FIRST_NAMES}::text[])[1 + n * 7919 % ${FIRST_NAMES.length}] as first,
      (${LAST_NAMES}::text[])[1 + (n::bigint * 104729 % 1299709)::int % ${LAST_NAMES.length}] as last) a
    cross join lateral (select ids[rm_at] as rm) b`;
}

export async function makeParts(sql: Sql): Promise<void> {
  await sql`
    insert into client_contact_points (client_id, kind, value, value_key, "primary")
    select id, 'email', address, address, true from clients, lateral (select 'client' || id || '@mail.example' as address) a
    union all
    select id, 'phone', phone, phone, true from clients, lateral (select '+9170' || lpad(id::text, 8, '0') as phone) p`;
  await sql`
    insert into client_addresses (client_id, lines, city, country)
    select id, id || ' Station Road', (${CITIES}::text[])[1 + id % ${CITIES.length}], 'India' from clients`;
  await sql`insert into client_tags (client_id, tag)
    select id, (array['nri', 'referral', 'senior', 'sip'])[1 + id % 4] from clients where id % 2 = 0`;
  await sql`insert into client_notes (client_id, author_id, body, created_at)
    select id, primary_rm_id, 'Prefers to be called in the evening.', created_at from clients where id % 5 = 0`;
  await sql`
    insert into holdings (client_id, product_id, product_name, mode, amount, units, started_on, created_by_id)
    select c.id, p.id, p.name, case when n = 1 then 'sip' else 'lump_sum' end, 1000 * (1 + c.id % 500), 10 + c.id % 900,
      current_date - 300, c.primary_rm_id
    from clients c cross join generate_series(1, 2) n join products p on p.id = 1 + (c.id * 7 + n * 13) % (select count(*) from products)`;
}

/** Older first, as they are said: the conversations of one client lie far apart on disk. */
export async function makeInteractions(sql: Sql, { clients, interactions }: Sizes): Promise<void> {
  await sql`
    insert into interactions (client_id, user_id, logged_by_id, purpose, channel, direction, subject, body, occurred_at, missed, created_at)
    select c.id, c.primary_rm_id, c.primary_rm_id, case when n % 9 = 0 then 'portfolio_review' else 'general' end,
      (array['call', 'email', 'in_person', 'whatsapp', 'note'])[1 + n % 5], case when n % 3 = 0 then 'inbound' else 'outbound' end,
      (${SUBJECTS}::text[])[1 + n % ${SUBJECTS.length}],
      case when n % 2 = 0 then 'He asked what this means for his goals, and we agreed to speak again after the quarter ends.' end,
      at, n % 17 = 0, at
    from generate_series(1, ${interactions}::int) n
    cross join lateral (select now() - (${interactions}::int - n)::float8 / ${interactions}::int * interval '730 days' - interval '1 hour' as at) a
    join clients c on c.id = 1 + n::bigint * 7919 % ${clients}::int
    where (n * 31 % 100) < 97 or c.id % 10 > 0
    order by n`;
  await sql`
    insert into portfolio_reviews (interaction_id, held_on, next_on)
    select id, occurred_at::date, occurred_at::date + 182 from interactions where purpose = 'portfolio_review'`;
  await sql`
    insert into reviewed_holdings (interaction_id, holding_id, product_name)
    select r.interaction_id, h.id, h.product_name from portfolio_reviews r
    join interactions i on i.id = r.interaction_id join holdings h on h.client_id = i.client_id`;
}

export async function makeLeads(sql: Sql, { leads }: Sizes): Promise<void> {
  await sql`
    with rms as materialized (
      select array_agg(u.id order by u.id) as ids from users u join roles r on r.id = u.role_id and r.key = 'rm_executive')
    insert into leads (name, email, email_key, phone, phone_key, obtained_by_id, conversion_rm_id, team_id, product_id, mode, expected_value,
      status, denial_reason, client_id, next_follow_up_on, created_by_id, created_at, converted_at, denied_at)
    select first || ' ' || last, mail, mail, phone, phone, rm, case when n % 25 = 0 then null else rm end,
      (select main_team_id from users where id = rm), 1 + n % 40, 'call', 10000 * (1 + n % 90), status,
      case when status = 'denied' then 'no_response' end, case when status = 'converted' then n end,
      case when status in ('new', 'wip') then current_date - 20 + n % 60 end, rm, at,
      case when status = 'converted' then at + interval '9 days' end, case when status = 'denied' then at + interval '20 days' end
    from rms cross join generate_series(1, ${leads}::int) n
    cross join lateral (select ids[1 + n * 17 % cardinality(ids)] as rm, 'lead' || n || '@mail.example' as mail,
      '+9180' || lpad(n::text, 8, '0') as phone, now() - (30 + n * 7919 % 600) * interval '1 day' - n * interval '1 second' as at,
      case when n % 25 = 0 then 'new' else (array['new', 'wip', 'wip', 'converted', 'converted', 'denied', 'denied', 'denied'])[1 + n % 8] end as status,
      (${FIRST_NAMES}::text[])[1 + n * 31 % ${FIRST_NAMES.length}] as first,
      (${LAST_NAMES}::text[])[1 + n * 4409 % ${LAST_NAMES.length}] as last) a`;
}
