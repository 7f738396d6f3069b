import { randomUUID } from 'node:crypto';
import { inScope, type Actor } from '#lib/platform/auth/permissions.ts';
import { databaseError } from '#lib/platform/db/failures.server.ts';
import { savepoint, type Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, Forbidden } from '#lib/platform/errors.ts';
import { valueKey } from './contact.server.ts';
import type { EnteredDuplicate } from './duplicate.ts';
import { findMatches, type Match } from './matches.server.ts';
import type { CreateClientInput } from './model.ts';
import { isCertain, sendForReview, withoutDecided, type SentForReview } from './review.server.ts';
import { checkReferences, refuseVisibleMatches } from './rules.server.ts';
import { clientAddresses, clientContactPoints } from './parts-schema.server.ts';
import { clients } from './schema.server.ts';
import { checkTaxId, enteredTaxId, taxIdColumns, type TaxId } from './tax-id.server.ts';

export interface CreatedClient {
  outcome: 'created';
  client: { id: number; number: string; name: string; version: number };
  /** Sentences worth a second look, such as a surname that does not fit the PAN. */
  warnings: string[];
}

interface Owners {
  primaryRmId: number | null;
  secondaryRmId: number | null;
}

/**
 * Adds a client with its contact points and address. Without a named RM it is the actor's own (nobody's for an
 * administrator). Equal to a client the actor sees: RuleViolation with `details.matches`; equal to one he does not
 * see: nothing is stored and the answer is `sent_for_review`, unless it was decided to be somebody else. `leadId` names
 * the lead that is being converted, `about` what else whoever decides should know.
 */
export async function createClient(
  tx: Tx,
  actor: Actor,
  input: CreateClientInput,
  { leadId, about }: { leadId?: number; about?: Pick<EnteredDuplicate, 'of' | 'sale'> } = {}
): Promise<CreatedClient | SentForReview> {
  const type = input.type ?? (input.kind === 'individual' ? 'individual' : 'other');
  const owners = ownersOf(actor, input);
  const { panCompulsory } = await checkReferences(tx, {
    type,
    tier: input.tier || null,
    userIds: [owners.primaryRmId, owners.secondaryRmId]
  });
  const taxId = enteredTaxId({ kind: input.kind, type, name: input.name }, input);
  const warnings = checkTaxId(taxId, { compulsory: panCompulsory });

  const entered = { ...enteredOf(input), ...about };
  const found = await matchesOf(tx, input, taxId);
  refuseVisibleMatches(found, input.evenIfSimilar);
  const matches = await withoutDecided(tx, found, { leadId, use: true });
  if (hidden(matches)) return sendForReview(tx, actor, matches, { leadId, entered });

  const client = await insertUnlessTaken(tx, () =>
    insertClient(tx, actor, { ...input, type, ...owners }, taxId)
  );
  if (client) {
    await insertParts(tx, client.id, input);
    return { outcome: 'created', client, warnings };
  }
  // Somebody was faster by a moment: now the match is there to be found.
  const late = (await matchesOf(tx, input, taxId)).filter(isCertain);
  refuseVisibleMatches(late, true);
  if (hidden(late)) return sendForReview(tx, actor, late, { leadId, entered });
  throw new Conflict('Something with these values exists already');
}

/** What whoever decides compares; of a PAN the last four characters. */
export function enteredOf(input: Partial<CreateClientInput>): EnteredDuplicate {
  const { name, organisation, email, phone, whatsapp, accountId, pan } = input;
  const typed = {
    name,
    organisation,
    email,
    phone,
    whatsapp,
    accountId,
    panLast4: pan?.slice(-4).toUpperCase()
  };
  return Object.fromEntries(Object.entries(typed).filter(([, value]) => value));
}

const hidden = (matches: Match[]) => matches.some((match) => !match.visible);

function ownersOf(actor: Actor, input: CreateClientInput): Owners {
  const primaryRmId = input.primaryRmId ?? (actor.seesAll ? null : actor.userId);
  const secondaryRmId = input.secondaryRmId ?? null;
  if (!inScope(actor, 'clients.create', { userIds: [primaryRmId] }))
    throw new Forbidden('You may add them for yourself and your team only');
  const ownSecond = secondaryRmId === null || secondaryRmId === actor.userId;
  if (!ownSecond && !inScope(actor, 'clients.assign', { userIds: [secondaryRmId] }))
    throw new Forbidden('You may not name this colleague as second point of contact');
  return { primaryRmId, secondaryRmId };
}

function matchesOf(tx: Tx, input: CreateClientInput, taxId: TaxId): Promise<Match[]> {
  return findMatches(tx, {
    pan: taxId.panHolder === 'self' ? taxId.pan : null,
    emails: [input.email],
    phones: [input.phone, input.whatsapp],
    accountId: input.accountId
  });
}

const UNIQUE_KEYS = ['clients_pan', 'clients_account_id_unique'];

async function insertUnlessTaken<T>(tx: Tx, insert: () => Promise<T>): Promise<T | null> {
  try {
    return await savepoint(tx, insert);
  } catch (error) {
    if (UNIQUE_KEYS.includes(databaseError(error)?.constraint_name ?? '')) return null;
    throw error;
  }
}

async function insertClient(
  tx: Tx,
  actor: Actor,
  input: CreateClientInput & Owners & { type: string },
  taxId: TaxId
) {
  const panRef = randomUUID();
  const [client] = await tx
    .insert(clients)
    .values({
      kind: input.kind,
      name: input.name,
      organisation: input.organisation || null,
      type: input.type,
      tier: input.tier || null,
      accountId: input.accountId || null,
      language: input.language || null,
      reviewEveryMonths: input.reviewEveryMonths ?? null,
      nextReviewOn: input.nextReviewOn ?? null,
      primaryRmId: input.primaryRmId,
      secondaryRmId: input.secondaryRmId,
      createdById: actor.userId,
      panRef,
      ...taxIdColumns(taxId, panRef)
    })
    .returning({ id: clients.id, number: clients.number, name: clients.name, version: clients.version });
  if (!client) throw new Error('The client was not stored');
  return client;
}

async function insertParts(tx: Tx, clientId: number, input: CreateClientInput): Promise<void> {
  const points = (['email', 'phone', 'whatsapp'] as const).flatMap((kind) => {
    const value = input[kind]?.trim();
    return value ? [{ clientId, kind, value, valueKey: valueKey(kind, value), primary: true }] : [];
  });
  if (points.length > 0) await tx.insert(clientContactPoints).values(points);
  const { city, region, country } = input;
  if (city || region || country)
    await tx
      .insert(clientAddresses)
      .values({ clientId, city: city || null, region: region || null, country: country || null });
}
