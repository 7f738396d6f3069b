import { sql } from 'drizzle-orm';
import { listClients } from '#lib/clients/list.server.ts';
import type { ListClientsInput } from '#lib/clients/model.ts';
import type { ListLeadsInput } from '#lib/leads/inputs.ts';
import { listLeads } from '#lib/leads/list.server.ts';
import type { Source } from './source.server.ts';

export const leadsSource: Source<ListLeadsInput> = {
  what: 'leads',
  table: 'leads',
  permission: 'leads.view',
  page: listLeads,
  columns: [
    ['Number', sql`r.number`],
    ['Name', sql`r.name`],
    ['Organisation', sql`r.organisation`],
    ['Phone', sql`r.phone`],
    ['E-mail', sql`r.email`],
    ['Status', sql`r.status`],
    ['RM', sql`rm.name`],
    ['Obtained by', sql`ob.name`],
    ['Given by', sql`coalesce(gc.name, r.given_by)`],
    ['Team', sql`t.name`],
    ['Mode', sql`r.mode`],
    ['Product', sql`p.name`],
    ['Expected value', sql`r.expected_value::text`],
    ['Currency', sql`r.currency`],
    ['Next follow-up', sql`r.next_follow_up_on::text`],
    ['Denial reason', sql`coalesce(dr.label, r.denial_reason)`],
    ['Denial note', sql`r.denial_note`],
    ['Notes', sql`r.notes`],
    ['Entered', sql`r.created_at`, 'time'],
    ['Status since', sql`r.status_changed_at`, 'time']
  ],
  from: sql`from leads r
    left join users rm on rm.id = r.conversion_rm_id
    left join users ob on ob.id = r.obtained_by_id
    left join clients gc on gc.id = r.given_by_client_id
    left join teams t on t.id = r.team_id
    left join products p on p.id = r.product_id
    left join list_items dr on dr.list = 'denial_reason' and dr.key = r.denial_reason`
};

const contact = (kinds: string) => sql`(
  select cp.value from client_contact_points cp where cp.client_id = r.id and cp.kind in (${sql.raw(kinds)})
  order by cp."primary" desc, cp.id limit 1)`;

const address = (column: string) => sql`(
  select a.${sql.identifier(column)} from client_addresses a where a.client_id = r.id order by a.id limit 1)`;

/** Never the PAN, nor a part of it: it is shown to one person at a time, and that is written down. */
export const clientsSource: Source<ListClientsInput> = {
  what: 'clients',
  table: 'clients',
  permission: 'clients.view',
  page: listClients,
  columns: [
    ['Number', sql`r.number`],
    ['Name', sql`r.name`],
    ['Kind', sql`r.kind`],
    ['Organisation', sql`r.organisation`],
    ['Type', sql`coalesce(ty.label, r.type)`],
    ['Tier', sql`coalesce(ti.label, r.tier)`],
    ['Lifecycle', sql`r.lifecycle`],
    ['Account id', sql`r.account_id`],
    ['RM', sql`rm.name`],
    ['Second RM', sql`s.name`],
    ['E-mail', contact(`'email'`)],
    ['Phone', contact(`'phone', 'whatsapp'`)],
    ['City', address('city')],
    ['Country', address('country')],
    ['Language', sql`r.language`],
    [
      'Tags',
      sql`(select string_agg(g.tag, '; ' order by g.tag) from client_tags g where g.client_id = r.id)`
    ],
    ['Next review', sql`r.next_review_on::text`],
    ['Last contact', sql`r.last_contact_at`, 'time'],
    ['Entered', sql`r.created_at`, 'time']
  ],
  from: sql`from clients r
    left join users rm on rm.id = r.primary_rm_id
    left join users s on s.id = r.secondary_rm_id
    left join list_items ty on ty.list = 'client_type' and ty.key = r.type
    left join list_items ti on ti.list = 'client_tier' and ti.key = r.tier`
};
