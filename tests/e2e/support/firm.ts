import { eq, isNull } from 'drizzle-orm';
import type { Sql } from 'postgres';
import { clients } from '#lib/clients/schema.server.ts';
import { startClocks } from '#lib/clocks/commands.server.ts';
import { requestTypes } from '#lib/desk/schema.server.ts';
import { teamMembers, teams, users } from '#lib/people/schema.server.ts';
import { hashPassword } from '#lib/platform/auth/passwords.server.ts';
import { asSystem, type Tx } from '#lib/platform/db/transactions.server.ts';
import { addColleague } from '../../../scripts/seed/people.ts';
import { mintRequest } from '../../support/records.ts';
import { runImport } from '../../support/sales-sample/running.ts';
import { SALES_SAMPLE } from '../../support/sales-sample/sample.ts';

export const PASSWORD = 'operations keep their promises';

const WEEK_MS = 7 * 24 * 3_600_000;
const mailOf = (name: string) => `${name.toLowerCase().replaceAll(' ', '.')}@sales.example`;

interface Somebody {
  id: number;
  email: string;
}

/** Somebody's link to choose a password with. */
export type Invitations = (name: string) => string;

/** Imports the sales sample as the command does, with an invitation for everybody. */
export async function importFirm(origin: string): Promise<Invitations> {
  const { invited } = await runImport(SALES_SAMPLE, { inviteTo: origin });
  return (name) => {
    const found = invited.find((one) => one.name === name || one.email === name);
    if (!found) throw new Error(`${name} was not invited: ${invited.map((one) => one.name).join(', ')}`);
    return found.link;
  };
}

/** A team of operations: its head first. The import knows of relationship managers only. */
export async function addOperations(name: string, [head, ...members]: string[]) {
  const hash = await hashPassword(PASSWORD);
  return asSystem(async (tx) => {
    const leader = await add(tx, head ?? '', 'head', hash);
    const [team] = await tx
      .insert(teams)
      .values({ name, function: 'ops', headId: leader.id })
      .returning({ id: teams.id });
    const teamId = team?.id ?? 0;
    const people = [leader];
    for (const member of members) people.push(await add(tx, member, 'ops_executive', hash));
    for (const { id } of people) {
      await tx.insert(teamMembers).values({ teamId, userId: id });
      await tx.update(users).set({ mainTeamId: teamId }).where(eq(users.id, id));
    }
    // The first team gets every kind of request.
    await tx.update(requestTypes).set({ defaultTeamId: teamId }).where(isNull(requestTypes.defaultTeamId));
    return { teamId, people };
  });
}

function add(tx: Tx, name: string, role: 'head' | 'ops_executive', hash: string): Promise<Somebody> {
  return addColleague(tx, { name, role, email: mailOf(name) }, hash);
}

/** A request of that client, begun some weeks ago by somebody of the team; its number. */
export async function overdueRequest(clientName: string, teamId: number, weeks: number): Promise<string> {
  const [client] = await asSystem((tx) =>
    tx.select({ id: clients.id }).from(clients).where(eq(clients.name, clientName))
  );
  const clientId = client?.id ?? 0;
  const id = await mintRequest({ clientId, teamId });
  const [type] = await asSystem((tx) =>
    tx.select({ id: requestTypes.id }).from(requestTypes).where(eq(requestTypes.key, 'bank_change'))
  );
  const subject = {
    kind: 'request',
    id,
    clientId,
    requestTypeId: type?.id ?? 0,
    priority: 'normal'
  } as const;
  await asSystem((tx) => startClocks(tx, subject, { at: new Date(Date.now() - weeks * WEEK_MS) }));
  return `SR-${String(id).padStart(6, '0')}`;
}

/**
 * Lets whole weeks pass for a request: everything its running clock remembers and plans moves into the past. Nobody can wait
 * three working days in a test, and a week is the same length in every calendar.
 */
export async function passWeeks(sql: Sql, requestId: number, weeks: number): Promise<void> {
  const past = `${weeks} weeks`;
  await sql.begin(async (tx) => {
    const [clock] = await tx<{ id: number }[]>`
      update clocks set started_at = started_at - ${past}::interval, due_at = due_at - ${past}::interval,
        warn_at = warn_at - ${past}::interval, next_action_at = next_action_at - ${past}::interval
      where subject_kind = 'request' and subject_id = ${requestId} and state = 'running' returning id`;
    const id = clock?.id ?? 0;
    await tx`update clock_steps set action_at = action_at - ${past}::interval where clock_id = ${id}`;
    await tx`update clock_segments set from_at = from_at - ${past}::interval where clock_id = ${id}`;
    await tx`update service_requests set due_at = due_at - ${past}::interval where id = ${requestId}`;
  });
}
