import { eq } from 'drizzle-orm';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { clientContactPoints } from '#lib/clients/parts-schema.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { duplicateReviews } from '#lib/duplicates/schema.server.ts';
import { queries, requestTypes, serviceRequests } from '#lib/desk/schema.server.ts';
import { holdings } from '#lib/holdings/schema.server.ts';
import { interactions } from '#lib/interactions/schema.server.ts';
import { leads } from '#lib/leads/schema.server.ts';

let minted = 0;

function idOf(rows: { id: number }[]): number {
  const [row] = rows;
  if (!row) throw new Error('Nothing came back');
  return row.id;
}

type NewClient = Partial<typeof clients.$inferInsert> & { email?: string; phone?: string };

/** A client without PAN; `email` and `phone` (E.164) become contact points. */
export function mintClient({ email, phone, ...values }: NewClient = {}): Promise<number> {
  return asSystem(async (tx) => {
    const id = idOf(
      await tx
        .insert(clients)
        .values({ kind: 'individual', name: `Client ${++minted}`, panExemptReason: 'test', ...values })
        .returning({ id: clients.id })
    );
    const points = [
      ...(email ? [{ kind: 'email' as const, value: email }] : []),
      ...(phone ? [{ kind: 'phone' as const, value: phone }] : [])
    ].map((point) => ({ ...point, clientId: id, valueKey: point.value, primary: true }));
    if (points.length > 0) await tx.insert(clientContactPoints).values(points);
    return id;
  });
}

/** A review of something that may be this client: its phone was entered by `askedById`. */
export function mintDuplicate(
  values: Pick<typeof duplicateReviews.$inferInsert, 'clientId' | 'askedById'> &
    Partial<typeof duplicateReviews.$inferInsert>
): Promise<number> {
  return asSystem(async (tx) =>
    idOf(
      await tx
        .insert(duplicateReviews)
        .values({ matchedOn: 'phone', entered: { name: `Entered ${++minted}` }, ...values })
        .returning({ id: duplicateReviews.id })
    )
  );
}

export function mintLead(values: Partial<typeof leads.$inferInsert> = {}): Promise<number> {
  return asSystem(async (tx) =>
    idOf(
      await tx
        .insert(leads)
        .values({ name: `Lead ${++minted}`, ...values })
        .returning({ id: leads.id })
    )
  );
}

export function mintQuery(
  values: Partial<typeof queries.$inferInsert> & { clientId: number }
): Promise<number> {
  return asSystem(async (tx) =>
    idOf(
      await tx
        .insert(queries)
        .values({ subject: `Question ${++minted}`, ...values })
        .returning({ id: queries.id })
    )
  );
}

/** What a request of the type `bank_change` must have. */
export const bankDetails = { new_bank_account_number: '50100012345678', ifsc: 'HDFC0000001' };

/** A request of the type `bank_change` unless told otherwise; no clock is started. */
export function mintRequest(
  values: Partial<typeof serviceRequests.$inferInsert> & { clientId: number }
): Promise<number> {
  return asSystem(async (tx) => {
    const typeId =
      values.typeId ??
      idOf(
        await tx.select({ id: requestTypes.id }).from(requestTypes).where(eq(requestTypes.key, 'bank_change'))
      );
    return idOf(
      await tx
        .insert(serviceRequests)
        .values({ ...values, typeId })
        .returning({ id: serviceRequests.id })
    );
  });
}

/** A type of request that nobody has asked for yet. */
export function mintRequestType(values: Partial<typeof requestTypes.$inferInsert> = {}): Promise<number> {
  const n = ++minted;
  return asSystem(async (tx) =>
    idOf(
      await tx
        .insert(requestTypes)
        .values({ key: `type_${n}`, name: `Type ${n}`, defaultTatDays: 5, ...values })
        .returning({ id: requestTypes.id })
    )
  );
}

export function mintHolding(
  values: Partial<typeof holdings.$inferInsert> & { clientId: number }
): Promise<number> {
  return asSystem(async (tx) =>
    idOf(
      await tx
        .insert(holdings)
        .values({ productName: `Fund ${++minted}`, ...values })
        .returning({ id: holdings.id })
    )
  );
}

export function mintInteraction(
  values: Partial<typeof interactions.$inferInsert> & { clientId: number }
): Promise<number> {
  return asSystem(async (tx) =>
    idOf(
      await tx
        .insert(interactions)
        .values({
          channel: 'call',
          direction: 'outbound',
          subject: `Talk ${++minted}`,
          occurredAt: new Date(),
          ...values
        })
        .returning({ id: interactions.id })
    )
  );
}
