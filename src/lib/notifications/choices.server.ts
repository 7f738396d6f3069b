import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { userProfiles } from '#lib/people/schema.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import {
  choicesFor,
  NOTIFICATION_KINDS,
  NOTIFICATION_KIND_NAMES,
  type Choice,
  type NotificationKind
} from './kinds.ts';
import type { chooseInput } from './model.ts';

type Choices = Record<NotificationKind, Choice>;

/** How the person hears of each kind now. */
export async function choicesOf(tx: Tx, userId: number): Promise<Choices> {
  const [row] = await tx
    .select({ chosen: userProfiles.notificationChoices })
    .from(userProfiles)
    .where(eq(userProfiles.userId, userId));
  return Object.fromEntries(
    NOTIFICATION_KIND_NAMES.map((kind) => [kind, row?.chosen[kind] ?? NOTIFICATION_KINDS[kind].usually])
  ) as Choices;
}

/** Everybody chooses for himself; who leads a team cannot switch off that promises are broken. */
export async function choose(tx: Tx, actor: Actor, input: z.output<typeof chooseInput>): Promise<Choices> {
  const chosen = Object.fromEntries(Object.entries(input).filter(([, choice]) => choice !== undefined));
  for (const kind of NOTIFICATION_KIND_NAMES) {
    const choice = input[kind];
    if (choice && !choicesFor(kind, actor.level).includes(choice))
      throw new RuleViolation('You lead people, so you hear of broken promises at least in the app', {
        field: kind
      });
  }
  await tx
    .update(userProfiles)
    .set({
      notificationChoices: sql`${userProfiles.notificationChoices} || ${JSON.stringify(chosen)}::text::jsonb`
    })
    .where(eq(userProfiles.userId, actor.userId));
  return choicesOf(tx, actor.userId);
}
