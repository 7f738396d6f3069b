import { inArray } from 'drizzle-orm';
import { clientAddresses } from '#lib/clients/parts-schema.server.ts';
import { clientNotes, clients, clientTags } from '#lib/clients/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { inBatches } from '../batches.ts';
import { tally, type Tally } from '../report.ts';
import type { Account } from './model.ts';

const NO_PAN = 'The imported account list holds no PAN';

export interface ClientIds {
  /** Client ids by account name. */
  ids: Map<string, number>;
  tally: Tally;
}

interface Wanted {
  accounts: Account[];
  /** The RM of an account, where there is one. */
  ownerOf: (account: Account) => number | null;
  /** Who signs the notes. */
  authorId: number;
}

/** Adds the accounts that are no clients yet, known by their name in `externalRef`; the others stay as they are. */
export async function writeClients(tx: Tx, { accounts, ownerOf, authorId }: Wanted): Promise<ClientIds> {
  const ids = new Map<string, number>();
  const columns = { id: clients.id, ref: clients.externalRef };
  let added = 0;
  for (const batch of inBatches(accounts)) {
    const refs = batch.map(({ name }) => name);
    for (const { id, ref } of await tx
      .select(columns)
      .from(clients)
      .where(inArray(clients.externalRef, refs)))
      ids.set(ref ?? '', id);
    const fresh = batch.filter(({ name }) => !ids.has(name));
    if (fresh.length === 0) continue;
    const rows = await tx
      .insert(clients)
      .values(fresh.map((account) => clientOf(account, ownerOf(account))))
      .returning(columns);
    for (const { id, ref } of rows) ids.set(ref ?? '', id);
    await writeDetails(tx, fresh, ids, authorId);
    added += fresh.length;
  }
  return { ids, tally: tally(accounts.length, added) };
}

function clientOf({ name }: Account, primaryRmId: number | null) {
  return {
    kind: 'organisation' as const,
    type: 'company',
    name,
    primaryRmId,
    panExemptReason: NO_PAN,
    externalRef: name
  };
}

async function writeDetails(
  tx: Tx,
  fresh: Account[],
  ids: Map<string, number>,
  authorId: number
): Promise<void> {
  const of = <T>(detail: (account: Account) => T | null) =>
    fresh.flatMap((account) => {
      const clientId = ids.get(account.name);
      const value = detail(account);
      return clientId === undefined || value === null ? [] : [{ clientId, value }];
    });
  const addresses = of(({ country }) => country);
  if (addresses.length > 0)
    await tx
      .insert(clientAddresses)
      .values(addresses.map(({ clientId, value }) => ({ clientId, label: 'Office', country: value })));
  const tags = of(({ sector }) => sector);
  if (tags.length > 0)
    await tx.insert(clientTags).values(tags.map(({ clientId, value }) => ({ clientId, tag: value })));
  const notes = of(noteOn);
  if (notes.length > 0)
    await tx
      .insert(clientNotes)
      .values(notes.map(({ clientId, value }) => ({ clientId, authorId, body: value })));
}

function noteOn({ sector, established, revenue, employees, parent }: Account): string | null {
  const facts = [
    sector && `Sector: ${sector}`,
    established && `Established: ${established}`,
    revenue && `Revenue: ${revenue}`,
    employees && `Employees: ${employees}`,
    parent && `Subsidiary of: ${parent}`
  ].filter((fact) => fact !== null);
  return facts.length > 0 ? ['From the imported account list', ...facts].join('\n') : null;
}
