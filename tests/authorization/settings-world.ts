import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { digests } from '#lib/digests/schema.server.ts';
import { notifications } from '#lib/notifications/schema.server.ts';
import { listItems } from '#lib/settings/schema.server.ts';
import { calendars, calendarWindows, policies } from '#lib/clocks/policy-schema.server.ts';
import { addVersion } from '#lib/policies/policy-rows.server.ts';
import { savedViews } from '#lib/views/schema.server.ts';
import type { TestFirm } from '../support/firm.ts';
import type { ActorName, Relation } from './world.ts';

/** A denial reason that nothing names. */
export async function mintListItem(): Promise<number> {
  const key = randomUUID();
  const [row] = await asSystem((tx) =>
    tx.insert(listItems).values({ list: 'denial_reason', key, label: key }).returning({ id: listItems.id })
  );
  return row?.id ?? 0;
}

/** A digest that somebody had, as it was. */
export async function mintDigest(userId: number): Promise<number> {
  const content = { kind: 'morning' as const, about: 'own' as const, since: '2026-11-19T03:00:00Z' };
  const values = {
    userId,
    kind: 'morning' as const,
    onDate: '2026-11-20',
    asked: true,
    state: 'queued' as const,
    counts: {}
  };
  const [row] = await asSystem((tx) =>
    tx
      .insert(digests)
      .values({ ...values, content: { ...content, sections: [], pipeline: null, promises: null } })
      .returning({ id: digests.id })
  );
  return row?.id ?? 0;
}

/** Something that somebody was told. */
export async function mintNotification(userId: number): Promise<number> {
  const values = { key: randomUUID(), userId, kind: 'mention', title: 'x', reason: 'x' };
  const [row] = await asSystem((tx) =>
    tx.insert(notifications).values(values).returning({ id: notifications.id })
  );
  return row?.id ?? 0;
}

/** One's own view, a colleague's that is shared with the team of both, and another's that is shared with nobody. */
export async function mintView(
  firm: TestFirm,
  name: ActorName,
  relation: Exclude<Relation, 'missing'>
): Promise<number> {
  const { teams } = firm;
  const own = { executive: firm.rm, ops: firm.ops, head: firm.rmHead, administrator: firm.admin }[name];
  const colleague = {
    executive: { owner: firm.rm2, teamId: teams.rm },
    ops: { owner: firm.ops2, teamId: teams.ops },
    head: { owner: firm.rm, teamId: teams.rm },
    administrator: { owner: firm.rm, teamId: teams.rm }
  }[name];
  const { owner, teamId } = {
    own: { owner: own, teamId: null },
    team: colleague,
    other: { owner: firm.otherRm, teamId: null }
  }[relation];
  const values = { ownerId: owner.userId, module: 'leads' as const, params: 'status=new', teamId };
  const [row] = await asSystem((tx) =>
    tx
      .insert(savedViews)
      .values({ ...values, name: randomUUID() })
      .returning({ id: savedViews.id })
  );
  return row?.id ?? 0;
}

/** A calendar that no policy uses, with one holiday. */
export function mintCalendar(): Promise<number> {
  return asSystem(async (tx) => {
    const [row] = await tx
      .insert(calendars)
      .values({ name: randomUUID(), timeZone: 'Asia/Kolkata' })
      .returning({ id: calendars.id });
    const calendarId = row?.id ?? 0;
    await tx.insert(calendarWindows).values({ calendarId, weekday: 1, opens: '09:00', closes: '17:00' });
    await tx.execute(sql`insert into calendar_holidays (calendar_id, on_date, name)
      values (${calendarId}, '2027-01-26', 'Republic Day')`);
    return calendarId;
  });
}

/** A policy under which no clock ever ran, for clients with a tag that nobody has. */
export function mintPolicy(): Promise<number> {
  return asSystem(async (tx) => {
    const values = { key: randomUUID(), name: 'Promise', position: 1, subjectKind: 'client' as const };
    const [row] = await tx
      .insert(policies)
      .values({ ...values, clientTag: randomUUID() })
      .returning({ id: policies.id });
    const policyId = row?.id ?? 0;
    const target = { target: 'contact' as const, place: 0 };
    await addVersion(tx, policyId, {
      ...{ calendarId: 1, pausesClient: true, pausesThirdParty: false, workingHoursOnly: false },
      targets: [{ ...target, amount: 30, unit: 'calendar_days' }],
      steps: [{ ...target, when: 'percent', amount: 100, tell: 'head', does: ['notify'] }]
    });
    return policyId;
  });
}
