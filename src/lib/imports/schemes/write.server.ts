import { sql, type SQL } from 'drizzle-orm';
import { products } from '#lib/catalogue/schema.server.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { inBatches } from '../batches.ts';
import type { Progress } from '../progress.ts';
import type { ImportReport } from '../report.ts';
import type { SchemeList } from './read.server.ts';
import type { Scheme } from './rows.server.ts';

interface Options {
  /** ISO code of the net asset values of schemes that are new. */
  currency: string;
  progress: Progress;
  signal: AbortSignal;
}

type Written = Pick<ImportReport, 'tallies' | 'invited' | 'remarks'>;

const ODD_SHOWN = 5;

/** Adds the schemes that are new and changes those that say something else, in the transaction of the caller. */
export async function writeSchemes(tx: Tx, list: SchemeList, options: Options): Promise<Written> {
  const { schemes } = list;
  let added = 0;
  let changed = 0;
  let done = 0;
  for (const batch of inBatches(schemes)) {
    options.signal.throwIfAborted();
    const written = await writeBatch(tx, batch, options.currency);
    added += written.filter(({ isNew }) => isNew).length;
    changed += written.filter(({ isNew }) => !isNew).length;
    done += batch.length;
    options.progress('Schemes', done, schemes.length);
  }
  return {
    tallies: { schemes: { added, changed, unchanged: schemes.length - added - changed } },
    invited: [],
    remarks: remarksOn(list)
  };
}

const incoming = (column: { name: string }): SQL =>
  sql`excluded.${sql.identifier(column.name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))}`;

/** What a heading says stays known when a list comes without it. */
const orKnown = (
  column: typeof products.fundHouse | typeof products.schemeType | typeof products.schemeCategory
) => sql`coalesce(${incoming(column)}, ${column})`;

// A value is news when it is not older than the known one. "Not published" takes no known value away.
const isNews = sql`(${incoming(products.nav)} is not null
  and (${products.nav} is null or ${products.navOn} is null or ${incoming(products.navOn)} >= ${products.navOn}))`;

const TAKEN = {
  name: incoming(products.name),
  nameKey: incoming(products.nameKey),
  kind: sql`'scheme'`,
  isin: incoming(products.isin),
  isinReinvestment: incoming(products.isinReinvestment),
  fundHouse: orKnown(products.fundHouse),
  schemeType: orKnown(products.schemeType),
  schemeCategory: orKnown(products.schemeCategory),
  nav: sql`case when ${isNews} then ${incoming(products.nav)} else ${products.nav} end`,
  navOn: sql`case when ${isNews} or ${products.nav} is null then ${incoming(products.navOn)} else ${products.navOn} end`
};

const isOther = sql.join(
  Object.entries(TAKEN).map(
    ([key, value]) => sql`${products[key as keyof typeof TAKEN]} is distinct from ${value}`
  ),
  sql` or `
);

/** Rows that were written, one way or the other. */
function writeBatch(tx: Tx, batch: Scheme[], currency: string) {
  return tx
    .insert(products)
    .values(
      batch.map(({ code, type, category, ...scheme }) => ({
        ...scheme,
        schemeCode: code,
        schemeType: type,
        schemeCategory: category,
        kind: 'scheme' as const,
        currency
      }))
    )
    .onConflictDoUpdate({
      target: products.schemeCode,
      set: { ...TAKEN, updatedAt: sql`now()`, version: sql`${products.version} + 1` },
      setWhere: isOther
    })
    .returning({ isNew: sql<boolean>`xmax = 0` });
}

function remarksOn({ schemes, odd }: SchemeList): string[] {
  const count = (of: (scheme: Scheme) => string | null) => new Set(schemes.map(of).filter(Boolean)).size;
  const silent = schemes.filter(({ nav }) => nav === null).length;
  const houses = `${count(({ fundHouse }) => fundHouse)} fund houses, ${count(({ category }) => category)} categories`;
  const missing = silent > 0 ? [`${silent} schemes have no net asset value (N.A.)`] : [];
  return [houses, ...missing, ...(odd.length > 0 ? [oddRemark(odd)] : [])];
}

function oddRemark(odd: SchemeList['odd']): string {
  const shown = odd.slice(0, ODD_SHOWN).map(({ line, isin }) => `line ${line} (${isin})`);
  const more = odd.length > ODD_SHOWN ? ` and ${odd.length - ODD_SHOWN} more` : '';
  return `ISINs that are not well formed were taken as they are: ${shown.join(', ')}${more}`;
}
