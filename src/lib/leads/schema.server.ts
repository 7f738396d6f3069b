import { sql } from 'drizzle-orm';
import { check, date, index, pgTable, text } from 'drizzle-orm/pg-core';
import {
  amount,
  createdAt,
  humanNumber,
  identity,
  instant,
  oneOf,
  reference,
  version
} from '#lib/platform/db/columns.server.ts';
import { allOf, anyOf, inHeadedTeams, inPeople, visibleBy } from '#lib/platform/db/policies.server.ts';
import { products } from '#lib/catalogue/schema.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { teams, users } from '#lib/people/schema.server.ts';
import { LEAD_MODES, LEAD_OPPORTUNITIES, LEAD_STATUSES } from './model.ts';

const unassignedWithMyTeam = allOf(sql.raw('conversion_rm_id is null'), inHeadedTeams('team_id'));

/** A person or firm referred to us (reference). */
export const leads = pgTable(
  'leads',
  {
    id: identity(),
    number: humanNumber('LD'),
    name: text().notNull(),
    sortName: text().notNull().generatedAlwaysAs(sql.raw('lower(name)')),
    phone: text(),
    phoneKey: text(),
    email: text(),
    emailKey: text(),
    organisation: text(),
    obtainedById: reference().references(() => users.id),
    givenBy: text(),
    givenByClientId: reference().references(() => clients.id, { onDelete: 'set null' }),
    mode: text({ enum: LEAD_MODES }),
    conversionRmId: reference().references(() => users.id),
    /** The team it is with while nobody is assigned. */
    teamId: reference().references(() => teams.id),
    productId: reference().references(() => products.id),
    expectedValue: amount(),
    currency: text().notNull().default('INR'),
    status: text({ enum: LEAD_STATUSES }).notNull().default('new'),
    denialReason: text(),
    denialNote: text(),
    nextFollowUpOn: date({ mode: 'string' }),
    notes: text(),
    clientId: reference().references(() => clients.id),
    /** The portfolio review that opened it; referenced by a hand-written migration. */
    originInteractionId: reference(),
    /** What the review found: something else for the client, or more of the same. */
    opportunity: text({ enum: LEAD_OPPORTUNITIES }),
    /** Key of the record in the system it was imported from. */
    externalRef: text().unique(),
    createdById: reference().references(() => users.id),
    createdAt: createdAt(),
    /** Since when it has an RM to call it, in this life of the lead: kept by a trigger; null where it was worked before. */
    assignedAt: instant(),
    convertedAt: instant(),
    deniedAt: instant(),
    statusChangedAt: createdAt(),
    updatedAt: createdAt(),
    version: version()
  },
  (t) => [
    index('leads_number').on(t.number),
    oneOf('leads_status', t.status, LEAD_STATUSES),
    oneOf('leads_mode', t.mode, LEAD_MODES),
    oneOf('leads_opportunity', t.opportunity, LEAD_OPPORTUNITIES),
    check('leads_denied_reason', sql`${t.status} <> 'denied' or ${t.denialReason} is not null`),
    check('leads_converted_client', sql`${t.status} <> 'converted' or ${t.clientId} is not null`),
    index('leads_created').on(t.createdAt.desc(), t.id.desc()),
    index('leads_rm').on(t.conversionRmId, t.createdAt.desc(), t.id.desc()),
    index('leads_obtainer').on(t.obtainedById),
    index('leads_team').on(t.teamId).where(sql.raw('conversion_rm_id is null')),
    index('leads_client').on(t.clientId),
    index('leads_origin').on(t.originInteractionId),
    index('leads_status').on(t.status, t.createdAt.desc(), t.id.desc()),
    index('leads_name').on(t.sortName, t.id),
    index('leads_value').on(t.expectedValue.desc(), t.id.desc()),
    index('leads_follow_up').on(t.nextFollowUpOn, t.id),
    index('leads_to_follow_up')
      .on(t.conversionRmId, t.nextFollowUpOn)
      .where(sql.raw(`status in ('new', 'wip')`)),
    index('leads_product').on(t.productId),
    index('leads_search').using(
      'gin',
      sql.raw(`app.lead_search_text(name, number, organisation, email, phone) gin_trgm_ops`)
    ),
    ...visibleBy('leads', {
      read: anyOf(inPeople('conversion_rm_id'), inPeople('obtained_by_id'), unassignedWithMyTeam),
      change: anyOf(inPeople('conversion_rm_id'), unassignedWithMyTeam),
      add: anyOf(inPeople('conversion_rm_id'), inPeople('obtained_by_id'), unassignedWithMyTeam)
    })
  ]
);
