import { beforeEach } from 'vitest';
import { mintClient, mintRequest } from './records.ts';
import { firm, superuser } from './test-firm.ts';

/** No clock runs, nobody was told anything and nobody is on leave when a test begins: for the top of a file. */
export function useQuietFirm(): void {
  beforeEach(async () => {
    await superuser`truncate clocks, notifications, mail_outbox, job_outbox restart identity cascade`;
    await superuser`update users set leave_from = null, leave_to = null, substitute_id = null`;
  });
}

interface Told {
  who: string;
  kind: string;
  title: string;
  body: string;
  reason: string;
  /** Kind and id of the record it is about. */
  page: string;
}

/** All that people were told in the app. */
export const everythingTold = () =>
  superuser<Told[]>`
    select u.name as who, n.kind, n.title, n.body, n.reason, n.subject_kind || ' ' || n.subject_id as page
    from notifications n join users u on u.id = n.user_id order by n.key, n.id`;

/** From yesterday until in five days. */
export const sendOnLeave = (person: { userId: number }, substituteId: number | null = null) =>
  superuser`update users set leave_from = current_date - 1, leave_to = current_date + 5,
    substitute_id = ${substituteId} where id = ${person.userId}`;

interface Work {
  assignee?: { userId: number } | null;
  teamId?: number | null;
}

/** A request of a client of the firm's RM, with somebody in operations unless told otherwise; no clock is started. */
export async function mintWork({ assignee = firm.ops, teamId = firm.teams.ops }: Work = {}) {
  const clientId = await mintClient({ primaryRmId: firm.rm.userId, name: 'Meera Shah' });
  const id = await mintRequest({ clientId, teamId, assigneeId: assignee?.userId ?? null });
  return { id, clientId };
}
