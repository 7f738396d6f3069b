import { and, eq, sql } from 'drizzle-orm';
import { clientAddresses, clientContactPoints } from '#lib/clients/parts-schema.server.ts';
import { startClocks } from '#lib/clocks/commands.server.ts';
import { clocks } from '#lib/clocks/schema.server.ts';
import { leadContacts } from '#lib/leads/contacts-schema.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { mintProduct, type TestFirm } from '../support/firm.ts';
import {
  mintClient,
  mintDuplicate,
  mintHolding,
  mintInteraction,
  mintLead,
  mintQuery,
  mintRequest,
  mintRequestType
} from '../support/records.ts';
import { mintDirectory } from './directory.ts';
import { mintHandover } from './handover-world.ts';
import {
  mintCalendar,
  mintDigest,
  mintListItem,
  mintNotification,
  mintPolicy,
  mintView
} from './settings-world.ts';

export const ACTORS = ['executive', 'ops', 'head', 'administrator'] as const;
export const RELATIONS = ['own', 'team', 'other', 'missing'] as const;
export type ActorName = (typeof ACTORS)[number];
export type Relation = (typeof RELATIONS)[number];
export type Kind =
  | 'none'
  | 'interaction'
  | 'lead'
  | 'leadContact'
  | 'client'
  | 'query'
  | 'request'
  | 'holding'
  | 'duplicate'
  | 'clock'
  | 'point'
  | 'address'
  | 'requestType'
  | 'product'
  | 'user'
  | 'team'
  | 'role'
  | 'listItem'
  | 'view'
  | 'calendar'
  | 'policy'
  | 'digest'
  | 'notification'
  | 'handover';

/** The record that a procedure is tried on. */
export interface Target {
  id: number;
  clientId: number;
}

export const MISSING: Target = { id: 999_999_999, clientId: 999_999_999 };

export const actorNamed = (firm: TestFirm, name: ActorName): Actor =>
  ({ executive: firm.rm, ops: firm.ops, head: firm.rmHead, administrator: firm.admin })[name];

type Present = Exclude<Relation, 'missing'>;
type State = Record<string, unknown>;

/** Whose book the record is in. Operations look after nobody: for them it is always another's. */
function ownerId(firm: TestFirm, name: ActorName, relation: Present): number {
  const owners = {
    executive: { own: firm.rm, team: firm.rm2, other: firm.otherRm },
    head: { own: firm.rmHead, team: firm.rm, other: firm.otherRm },
    administrator: { own: firm.admin, team: firm.rm, other: firm.otherRm },
    ops: { own: firm.otherRm, team: firm.otherRm, other: firm.otherRm }
  };
  return owners[name][relation].userId;
}

/** Whose work a request is: for operations his own, his team's queue, another team's; for the others always another team's. */
function workOf(firm: TestFirm, name: ActorName, relation: Present) {
  if (name === 'ops' && relation === 'own') return { assigneeId: firm.ops.userId, teamId: firm.teams.ops };
  if (name === 'ops' && relation === 'team') return { assigneeId: null, teamId: firm.teams.ops };
  return { assigneeId: firm.otherOps.userId, teamId: firm.teams.otherOps };
}

function rmOf(firm: TestFirm, name: ActorName, relation: Present) {
  if (name === 'ops' && relation === 'own') return { rmId: firm.ops.userId, teamId: firm.teams.ops };
  if (name === 'ops' && relation === 'team') return { rmId: null, teamId: firm.teams.ops };
  return { rmId: ownerId(firm, name, relation), teamId: null };
}

/** Who spoke with the client: operations themselves where the work is theirs, else whoever has the client. */
function speakerId(firm: TestFirm, name: ActorName, relation: Present): number {
  return name === 'ops' && relation === 'own' ? firm.ops.userId : ownerId(firm, name, relation);
}

async function client(firm: TestFirm, name: ActorName, relation: Present): Promise<number> {
  const clientId = await mintClient({ primaryRmId: ownerId(firm, name, relation) });
  if (name === 'ops') await mintRequest({ clientId, ...workOf(firm, name, relation) });
  return clientId;
}

async function clockOf(clientId: number, queryId: number): Promise<number> {
  const rows = await asSystem(async (tx) => {
    await startClocks(tx, { kind: 'query', id: queryId, clientId, priority: 'normal' });
    return tx
      .update(clocks)
      .set({ heldUntil: sql`now() + interval '1 hour'` })
      .where(and(eq(clocks.subjectKind, 'query'), eq(clocks.subjectId, queryId)))
      .returning({ id: clocks.id });
  });
  return rows[0]?.id ?? 0;
}

async function pointOf(clientId: number): Promise<number> {
  const value = `someone${clientId}@client.test`;
  const [row] = await asSystem((tx) =>
    tx
      .insert(clientContactPoints)
      .values({ clientId, kind: 'email', value, valueKey: value })
      .returning({ id: clientContactPoints.id })
  );
  return row?.id ?? 0;
}

async function addressOf(clientId: number): Promise<number> {
  const [row] = await asSystem((tx) =>
    tx.insert(clientAddresses).values({ clientId, city: 'Pune' }).returning({ id: clientAddresses.id })
  );
  return row?.id ?? 0;
}

async function contactOf(leadId: number, userId: number): Promise<number> {
  const said = { channel: 'call', direction: 'outbound', answered: true, subject: 'Call' } as const;
  const [row] = await asSystem((tx) =>
    tx
      .insert(leadContacts)
      .values({ ...said, leadId, userId, loggedById: userId, occurredAt: new Date() })
      .returning({ id: leadContacts.id })
  );
  return row?.id ?? 0;
}

/** A fresh record of the kind that stands in this relation to the actor. */
export async function mint(
  firm: TestFirm,
  kind: Kind,
  name: ActorName,
  relation: Relation,
  state: State = {}
): Promise<Target> {
  if (relation === 'missing' || kind === 'none') return MISSING;
  if (kind === 'user' || kind === 'team' || kind === 'role')
    return { id: await mintDirectory(firm, kind, name, relation, state), clientId: 0 };
  if (kind === 'listItem') return { id: await mintListItem(), clientId: 0 };
  if (kind === 'calendar') return { id: await mintCalendar(), clientId: 0 };
  if (kind === 'policy') return { id: await mintPolicy(), clientId: 0 };
  if (kind === 'handover') return { id: await mintHandover(firm, name, relation), clientId: 0 };
  if (kind === 'notification')
    return {
      id: await mintNotification(relation === 'own' ? actorNamed(firm, name).userId : firm.otherRm.userId),
      clientId: 0
    };
  if (kind === 'digest')
    return {
      id: await mintDigest(relation === 'own' ? actorNamed(firm, name).userId : firm.otherRm.userId),
      clientId: 0
    };
  if (kind === 'view') return { id: await mintView(firm, name, relation), clientId: 0 };
  if (kind === 'product') return { id: await asSystem((tx) => mintProduct(tx)), clientId: 0 };
  if (kind === 'requestType') return { id: await mintRequestType(), clientId: 0 };
  if (kind === 'lead') {
    const owner = { conversionRmId: ownerId(firm, name, relation), status: 'wip' as const };
    return { id: await mintLead({ ...owner, ...state }), clientId: 0 };
  }
  if (kind === 'leadContact') {
    const leadId = await mintLead({ conversionRmId: ownerId(firm, name, relation), status: 'wip' });
    return { id: await contactOf(leadId, speakerId(firm, name, relation)), clientId: 0 };
  }
  const clientId = await client(firm, name, relation);
  const query = () => mintQuery({ clientId, ...rmOf(firm, name, relation), ...state });
  const mints = {
    client: () => Promise.resolve(clientId),
    query,
    request: () => mintRequest({ clientId, ...workOf(firm, name, relation), ...state }),
    holding: () => mintHolding({ clientId }),
    duplicate: () => mintDuplicate({ clientId, askedById: firm.otherOps.userId, ...state }),
    interaction: () => mintInteraction({ clientId, userId: speakerId(firm, name, relation), ...state }),
    clock: async () => clockOf(clientId, await query()),
    point: () => pointOf(clientId),
    address: () => addressOf(clientId)
  };
  return { id: await mints[kind](), clientId };
}
