import { sql } from 'drizzle-orm';
import { asSystem, type Tx } from '#lib/platform/db/transactions.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import { installDefaults } from '#lib/settings/defaults.server.ts';
import { leaveDemo } from './demo.server.ts';
import type { Progress } from './progress.ts';
import { RejectFile } from './rejects.server.ts';
import type { ImportReport } from './report.ts';
import { readSales } from './sales/read.server.ts';
import { writeSales, type SalesOptions } from './sales/write.server.ts';
import { readSchemes } from './schemes/read.server.ts';
import { writeSchemes } from './schemes/write.server.ts';

export interface ImportOptions {
  /** Where rejected rows are written when there are any. */
  rejects: string;
  /** Whether an import may take the demo firm's place. */
  replaceDemo: boolean;
  /** The firm's name where it has none yet. */
  firmName: string;
  progress: Progress;
  /** Aborting rolls everything back. */
  signal: AbortSignal;
}

type Written = Pick<ImportReport, 'tallies' | 'invited' | 'remarks'>;

const LOCK = 7_206_512;

/**
 * Brings in a sales set: teams, people, products, clients, leads and holdings, in one transaction. Running it again
 * changes nothing. Throws a RuleViolation when the files or the firm do not allow it.
 */
export function importSales(folder: string, options: ImportOptions & SalesOptions): Promise<ImportReport> {
  return importSet(options, {
    read: (rejects) => readSales({ ...options, folder, rejects }),
    write: (tx, set) => writeSales(tx, set, options)
  });
}

/**
 * Brings in the list of all fund schemes as AMFI publishes it, in one transaction; the demo firm may have it beside its
 * own products. A later list changes what is new in it, and a net asset value never gives way to an older one.
 * Throws a RuleViolation when the file is something else.
 */
export function importSchemes(
  file: string,
  options: ImportOptions & Pick<SalesOptions, 'currency'>
): Promise<ImportReport> {
  return importSet(options, {
    besideDemo: true,
    read: (rejects) => readSchemes({ ...options, file, rejects }),
    write: (tx, list) => writeSchemes(tx, list, { ...options, currency: options.currency ?? 'INR' })
  });
}

interface Steps<T> {
  /** The set may go among the demo firm's records. */
  besideDemo?: boolean;
  read: (rejects: RejectFile) => Promise<T>;
  write: (tx: Tx, set: T) => Promise<Written>;
}

/** Every kind of import: files first, then one transaction, then the rejected rows. */
async function importSet<T extends { repeated: number }>(
  options: ImportOptions,
  { besideDemo = false, read, write }: Steps<T>
): Promise<ImportReport> {
  const rejects = new RejectFile(options.rejects);
  try {
    const set = await read(rejects);
    const written = await asSystem((tx) => inFirm(tx, { ...options, besideDemo }, () => write(tx, set)));
    rejects.finish();
    const rejectsFile = rejects.count > 0 ? rejects.path : null;
    return { ...written, repeated: set.repeated, rejected: rejects.count, rejectsFile };
  } catch (error) {
    rejects.discard();
    throw error;
  }
}

async function inFirm(
  tx: Tx,
  { replaceDemo, besideDemo, firmName, signal }: ImportOptions & { besideDemo: boolean },
  write: () => Promise<Written>
): Promise<Written> {
  signal.throwIfAborted();
  const [lock] = await tx.execute<{ free: boolean }>(sql`select pg_try_advisory_xact_lock(${LOCK}) as free`);
  if (!lock?.free) throw new RuleViolation('Another import is running: wait until it is through');
  const leaves = replaceDemo || !besideDemo;
  const replaced = leaves && (await leaveDemo(tx, { replace: replaceDemo, firmName }));
  await installDefaults(tx, { name: firmName });
  const written = await write();
  signal.throwIfAborted();
  const removed =
    "The demo firm's people, clients and work were removed; its administrators keep their passwords";
  return replaced ? { ...written, remarks: [removed, ...written.remarks] } : written;
}
