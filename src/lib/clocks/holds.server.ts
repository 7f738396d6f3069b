import { and, ne, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { notify } from '#lib/notifications/commands.server.ts';
import { users } from '#lib/people/schema.server.ts';
import type { Actor, Permission } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Forbidden, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { replanAndWake } from './commands.server.ts';
import { holdersJson, holderTables, mayHold, type Holders } from './holders.server.ts';
import {
  TARGET_LABELS,
  type acknowledgeInput,
  type HoldKind,
  type snoozeInput,
  type SubjectKind
} from './model.ts';
import { lockOpenClock, lockWork, type OpenClock } from './open-clocks.server.ts';
import { jsonRows } from './rows.server.ts';
import { clockHolds, escalations } from './schema.server.ts';
import { seesRecord } from './sight.server.ts';
import { addWorkingDays } from './targets.ts';
import { momentIn } from './wording.ts';
import { addWorkingMinutes } from './working-time.ts';

/** What a hold answers: until when no step is carried out. */
export interface Held {
  id: number;
  heldUntil: Date | null;
}

const ACKNOWLEDGED_MINUTES = 8 * 60;
export const LONGEST_SNOOZE_DAYS = 5;

/** “I am on it”: the ladder waits for eight working hours. The due time stays, and a breach is still noted. */
export async function acknowledge(
  tx: Tx,
  actor: Actor,
  { id, reason }: z.infer<typeof acknowledgeInput>
): Promise<Held> {
  const held = await heldClock(tx, actor, 'clocks.acknowledge', id);
  const { toCome } = await toldOrToCome(tx, id);
  const until = addWorkingMinutes(held.clock.terms.calendar, held.clock.now, ACKNOWLEDGED_MINUTES);
  return hold(tx, actor, held, { kind: 'acknowledged', until, reason, toCome });
}

/** It can wait: the ladder waits until a moment that is chosen, at most five working days ahead. */
export async function snooze(
  tx: Tx,
  actor: Actor,
  { id, until, reason }: z.infer<typeof snoozeInput>
): Promise<Held> {
  const held = await heldClock(tx, actor, 'clocks.snooze', id);
  await assertToCome(tx, id);
  const { now, terms } = held.clock;
  const longest = addWorkingDays(terms.calendar, now, LONGEST_SNOOZE_DAYS);
  if (until <= now) throw new RuleViolation('Choose a time that is still to come', { field: 'until' });
  if (until > longest) {
    const last = momentIn(terms.calendar.zone.name, longest);
    throw new RuleViolation(
      `It can wait for ${LONGEST_SNOOZE_DAYS} working days at most: until ${last} (${terms.calendar.zone.name})`,
      { field: 'until' }
    );
  }
  return hold(tx, actor, held, { kind: 'snoozed', until, reason, toCome: true });
}

/** Ends a hold before its time: steps that fell due meanwhile are carried out. */
export async function wake(tx: Tx, actor: Actor, { id }: { id: number }): Promise<Held> {
  const { clock } = await heldClock(tx, actor, 'clocks.snooze', id);
  const { heldUntil, now } = clock;
  if (heldUntil === null || heldUntil <= now) throw new RuleViolation('Nothing is held here');
  await tx
    .insert(clockHolds)
    .values({ clockId: id, kind: 'snoozed', until: now, reason: 'Ended early', userId: actor.userId });
  await replanAndWake(tx, [{ ...clock, heldUntil: null }]);
  return { id, heldUntil: null };
}

interface HeldClock {
  clock: OpenClock;
  number: string;
}

/** The open clock, locked, for somebody who may hold it. */
async function heldClock(tx: Tx, actor: Actor, permission: Permission, id: number): Promise<HeldClock> {
  const [found] = await jsonRows<{ number: string; kind: SubjectKind; subjectId: number; holders: Holders }>(
    tx,
    sql`select jsonb_build_object('number', w.number, 'kind', k.subject_kind, 'subjectId', k.subject_id,
        'holders', ${holdersJson}) as row
      from clocks k ${holderTables} where k.id = ${id}`
  );
  if (!found) throw new NotFound();
  if (!mayHold(actor, permission, found.holders)) throw new Forbidden();
  await lockWork(tx, found.kind, [found.subjectId]);
  const clock = await lockOpenClock(tx, id);
  if (!clock) throw new RuleViolation('This promise has ended: nobody is told of it any more');
  return { clock, number: found.number };
}

const isToCome = sql`exists (
  select 1 from clock_steps s where s.clock_id = k.id and s.turn > 0 and s.action_at is not null
    and not exists (select from escalations e
      where e.clock_id = s.clock_id and e.step_key = s.step_key and e.turn = s.turn))`;

/** What stands still with the clock, or was carried out to the last step, cannot be held. */
async function assertToCome(tx: Tx, id: number): Promise<void> {
  const [ahead] = await tx.execute(sql`select 1 from clocks k where k.id = ${id} and ${isToCome}`);
  if (!ahead)
    throw new RuleViolation('There is nothing to hold: nobody else is going to be told of this promise now');
}

/** Whoever was told by the last step still wants to hear that somebody is on it, when no step is to come. */
async function toldOrToCome(tx: Tx, id: number): Promise<{ toCome: boolean }> {
  const [concerned] = await tx.execute<{ toCome: boolean }>(sql`
    select ${isToCome} as "toCome" from clocks k
    where k.id = ${id} and (${isToCome} or exists (select from escalations e where e.clock_id = k.id))`);
  if (!concerned)
    throw new RuleViolation(
      'There is nothing to say yet: nobody was told of this promise, and nobody is going to be'
    );
  return concerned;
}

interface Hold {
  kind: HoldKind;
  until: Date;
  reason: string;
  /** A step of the ladder waits for the hold to end. */
  toCome: boolean;
}

async function hold(tx: Tx, actor: Actor, held: HeldClock, how: Hold): Promise<Held> {
  const { clock } = held;
  const { kind, until, reason } = how;
  const [row] = await tx
    .insert(clockHolds)
    .values({ clockId: clock.id, kind, until, reason, userId: actor.userId })
    .returning({ id: clockHolds.id });
  if (!row) throw new NotFound();
  await replanAndWake(tx, [{ ...clock, heldUntil: until }]);
  await tellOthers(tx, actor, held, { ...how, holdId: row.id });
  return { id: clock.id, heldUntil: until };
}

/** Whoever was told that it is late, or about to be, hears that somebody has taken it up, if he may still see it. */
async function tellOthers(
  tx: Tx,
  actor: Actor,
  { clock, number }: HeldClock,
  { kind, until, reason, toCome, holdId }: Hold & { holdId: number }
): Promise<void> {
  const told = sql`select unnest(${escalations.toldUserIds}) from ${escalations} where ${escalations.clockId} = ${clock.id}`;
  const sees = seesRecord(sql`${users.id}`, sql`${clock.subjectKind}::text`, sql`${clock.subjectId}::bigint`);
  const others = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(sql`${users.id} in (${told})`, ne(users.id, actor.userId), users.active, sees));
  const time = momentIn(clock.terms.calendar.zone.name, until);
  const what = TARGET_LABELS[clock.target].toLowerCase();
  await notify(tx, {
    key: `hold:${holdId}`,
    userIds: others.map(({ id }) => id),
    kind: 'acknowledged',
    subject: { kind: clock.subjectKind, id: clock.subjectId },
    title: kind === 'acknowledged' ? `${actor.name} is on ${number}` : `${number} can wait until ${time}`,
    body: `${actor.name} on its ${what}: ${reason}.${toCome ? ` The next step waits until ${time}.` : ''}`,
    reason: 'You were told that this promise is late or about to be.'
  });
}
