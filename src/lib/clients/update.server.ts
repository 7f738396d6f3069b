import { and, eq, sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { databaseError } from '#lib/platform/db/failures.server.ts';
import { savepoint, type Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict } from '#lib/platform/errors.ts';
import { findMatches } from './matches.server.ts';
import type { UpdateClientInput } from './model.ts';
import { lockOpenWork } from './open-work.server.ts';
import { clientFor, clientOf, type ClientFacts } from './reads.server.ts';
import { sendForReview, type SentForReview } from './review.server.ts';
import { checkReferences, refuseVisibleMatches } from './rules.server.ts';
import { clients } from './schema.server.ts';
import { checkTaxId, enteredTaxId, storedTaxId, taxIdColumns, type TaxId } from './tax-id.server.ts';

type Values = Partial<typeof clients.$inferInsert>;

export interface UpdatedClient {
  outcome: 'updated';
  client: ClientFacts;
  warnings: string[];
}

const PLAIN = [
  'kind',
  'name',
  'organisation',
  'type',
  'tier',
  'accountId',
  'language',
  'reviewEveryMonths',
  'nextReviewOn'
] as const;
const OF_TAX_ID = ['pan', 'panHolder', 'guardianName', 'panExemptReason', 'kind', 'type', 'name'] as const;

/**
 * Changes the facts named in `input`. A version that is not the present one is a Conflict with the row as it is in
 * `details.current`. A PAN or account id of another client: RuleViolation when the actor sees that client, else
 * nothing is stored and the answer is `sent_for_review`.
 */
export async function updateClient(
  tx: Tx,
  actor: Actor,
  input: UpdateClientInput
): Promise<UpdatedClient | SentForReview> {
  const current = await clientFor(tx, actor, input.id, 'clients.edit', 'book');
  if (current.version !== input.version) throw new Conflict(undefined, { current });
  const { panCompulsory } = await checkReferences(tx, {
    type: input.type === current.type ? undefined : input.type,
    tier: input.tier === current.tier ? undefined : input.tier || null
  });
  const taxId = await changedTaxId(tx, input);
  const warnings = taxId ? checkTaxId(taxId.next, { compulsory: panCompulsory }) : [];

  const look = () => otherMatches(tx, input, taxId?.next);
  const matches = await look();
  refuseVisibleMatches(matches);
  const asked = { occasion: 'change' as const, entered: enteredOver(current, input) };
  if (matches.length > 0) return sendForReview(tx, actor, matches, asked);
  const values = { ...plainValues(input), ...(taxId && taxIdColumns(taxId.next, taxId.panRef)) };
  await lockWork(tx, current, values);
  try {
    const client = await savepoint(tx, () => write(tx, input, values));
    return { outcome: 'updated', client, warnings };
  } catch (error) {
    if (databaseError(error)?.code !== '23505') throw error;
    const late = await look();
    refuseVisibleMatches(late);
    return sendForReview(tx, actor, late, asked);
  }
}

/** All work shows the name, and the tier decides on the clocks of open work: it is locked before the client. */
async function lockWork(tx: Tx, { id, name, tier }: ClientFacts, values: Values): Promise<void> {
  if (values.name !== undefined && values.name !== name)
    await tx.execute(sql`select app.lock_work_of_client(${id})`);
  else if (values.tier !== undefined && values.tier !== tier) await lockOpenWork(tx, [id]);
}

/** Which client was changed, and to what, for whoever decides. */
function enteredOver({ number, name }: ClientFacts, { accountId, pan }: UpdateClientInput) {
  return { of: { number, name }, accountId, panLast4: pan?.slice(-4).toUpperCase() };
}

function plainValues(input: UpdateClientInput): Values {
  const given = PLAIN.filter((name) => input[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, input[name] === '' ? null : input[name]]));
}

/** The tax id as it would be, checked against kind, type and name as they would be; null when nothing touches it. */
async function changedTaxId(
  tx: Tx,
  input: UpdateClientInput
): Promise<{ next: TaxId; panRef: string } | null> {
  if (OF_TAX_ID.every((name) => input[name] === undefined)) return null;
  const [row] = await tx
    .select({
      kind: clients.kind,
      type: clients.type,
      name: clients.name,
      panCipher: clients.panCipher,
      panRef: clients.panRef,
      panKeyVersion: clients.panKeyVersion,
      panHolder: clients.panHolder,
      guardianName: clients.guardianName,
      panExemptReason: clients.panExemptReason
    })
    .from(clients)
    .where(eq(clients.id, input.id));
  if (!row) return null;
  const now = storedTaxId(row);
  const holder = {
    kind: input.kind ?? now.kind,
    type: input.type ?? now.type,
    name: input.name ?? now.name
  };
  const turnedMinor = holder.type !== now.type;
  const next = enteredTaxId(holder, {
    pan: input.pan === undefined ? now.pan : input.pan,
    panHolder: input.panHolder ?? (turnedMinor ? undefined : now.panHolder),
    guardianName: input.guardianName === undefined ? now.guardianName : input.guardianName,
    panExemptReason: input.panExemptReason === undefined ? now.panExemptReason : input.panExemptReason
  });
  return { next, panRef: row.panRef };
}

async function otherMatches(tx: Tx, input: UpdateClientInput, taxId: TaxId | undefined) {
  const pan = input.pan && taxId?.panHolder === 'self' ? taxId.pan : null;
  const found = await findMatches(tx, { pan, accountId: input.accountId });
  return found.filter((match) => match.id !== input.id);
}

async function write(tx: Tx, input: UpdateClientInput, values: Values) {
  const [changed] = await tx
    .update(clients)
    .set({ ...values, updatedAt: sql`now()`, version: sql`${clients.version} + 1` })
    .where(and(eq(clients.id, input.id), eq(clients.version, input.version)))
    .returning({ id: clients.id });
  const client = await clientOf(tx, input.id);
  if (!changed) throw new Conflict(undefined, { current: client });
  return client;
}
