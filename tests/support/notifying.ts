import { beforeAll, beforeEach } from 'vitest';
import { notify } from '#lib/notifications/commands.server.ts';
import type { Choice, NotificationKind } from '#lib/notifications/kinds.ts';
import type { Mutable } from '#lib/notifications/model.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { mintLadder } from './ladders.ts';
import { mintClient, mintRequest } from './records.ts';
import { firm, superuser } from './test-firm.ts';

/** A client of the firm's RM. */
export let clientId: number;

/** Below `useTestFirm`: nobody was told anything or has chosen how he is told when a test begins. */
export function useNotifications(): void {
  beforeAll(async () => {
    clientId = await mintClient({ primaryRmId: firm.rm.userId, name: 'Meera Shah' });
  });

  beforeEach(async () => {
    await superuser`truncate clocks, notifications, mail_outbox, job_outbox, notification_mutes,
      notification_summaries restart identity cascade`;
    await superuser`update user_profiles set notification_choices = '{}', digest_at = '08:30'`;
  });
}

let told = 0;
interface About {
  kind: Mutable;
  id: number;
}

/** Tells somebody as if the head of the RMs had done something. */
export const tell = (kind: NotificationKind, to: Actor, subject: About | null = null) =>
  asActor(firm.rmHead, (tx) =>
    notify(tx, {
      key: `test:${++told}`,
      userIds: [to.userId],
      kind,
      subject,
      title: `News ${told}`,
      reason: 'You are in this test.'
    })
  );

/** Somebody chooses for himself how he is told. */
export const choose = (actor: Actor, choices: Partial<Record<NotificationKind, Choice>>) =>
  callerFor(actor).notifications.choose(choices);

/** Of what kinds somebody has notifications, the newest first. */
export const kindsOf = async (actor: Actor) =>
  (await callerFor(actor).notifications.list({})).items.map(({ kind }) => kind);

/** All mail, the oldest first. */
export const mailed = () =>
  superuser<{ who: string; subject: string; text: string }[]>`
    select u.name as who, m.subject, m.text from mail_outbox m join users u on u.id = m.user_id order by m.id`;

/** A request of that client, late since an hour, of which nobody was told; returns its id. */
export const overdue = async (tellWhom: 'assignee' | 'head' = 'assignee') => {
  const id = await mintRequest({ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId });
  await mintLadder(superuser, { kind: 'request', id, rungs: [{ kind: 'breach', tell: tellWhom }] });
  return id;
};
