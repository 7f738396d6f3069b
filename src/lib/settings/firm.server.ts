import { createHash } from 'node:crypto';
import { and, eq, ne, sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, RuleViolation } from '#lib/platform/errors.ts';
import type { SetLogoInput, UpdateFirmInput } from './firm.ts';
import { MOST_LOGO_BYTES, logoTypeOf } from './logo.ts';
import { firmOf, type Firm } from './reads.server.ts';
import { firmLogos, firmSettings } from './schema.server.ts';

/**
 * Changes the firm's settings. Nothing stored is worked out anew: calendars have zones of their own, records keep
 * their currency. Conflict when somebody else was faster.
 */
export async function updateFirm(tx: Tx, { version, ...values }: UpdateFirmInput): Promise<Firm> {
  await requireKnownZone(tx, values.timeZone);
  return change(tx, version, values);
}

/** Postgres reckons with zones too and may know fewer names. */
async function requireKnownZone(tx: Tx, name: string): Promise<void> {
  const known = await tx.execute(sql`select 1 from pg_timezone_names where name = ${name}`);
  if (known.length === 0)
    throw new RuleViolation('The database does not know this time zone', { field: 'timeZone' });
}

/** Shows this picture as the firm's logo. RuleViolation for anything but PNG, JPEG and WebP up to 512 kB. */
export async function setLogo(tx: Tx, { version, data }: SetLogoInput): Promise<Firm> {
  const bytes = Buffer.from(data, 'base64');
  const mimeType = logoTypeOf(bytes);
  if (bytes.length > MOST_LOGO_BYTES) throw new RuleViolation('The picture is larger than 512 kB');
  if (!mimeType) throw new RuleViolation('The logo must be a PNG, JPEG or WebP picture; SVG is not taken');
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  await tx
    .insert(firmLogos)
    .values({ hash, mimeType, bytes: sql`decode(${data}, 'base64')` })
    .onConflictDoNothing();
  const firm = await change(tx, version, { logoRef: hash });
  await tx.delete(firmLogos).where(ne(firmLogos.hash, hash));
  return firm;
}

/** Shows Rapport's own mark again. */
export async function removeLogo(tx: Tx, version: number): Promise<Firm> {
  const { logoRef } = await firmOf(tx);
  if (logoRef === null) throw new RuleViolation('There is no logo');
  const firm = await change(tx, version, { logoRef: null });
  await tx.delete(firmLogos);
  return firm;
}

async function change(tx: Tx, version: number, values: Partial<typeof firmSettings.$inferInsert>) {
  const [firm] = await tx
    .update(firmSettings)
    .set({ ...values, updatedAt: sql`now()`, version: sql`${firmSettings.version} + 1` })
    .where(and(eq(firmSettings.id, 1), eq(firmSettings.version, version)))
    .returning();
  if (!firm) throw new Conflict(undefined, { current: await firmOf(tx) });
  return firm;
}
