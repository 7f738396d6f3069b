import { statSync } from 'node:fs';
import { join } from 'node:path';
import { RuleViolation } from '#lib/platform/errors.ts';
import { BadRow, readCsv } from '../csv.server.ts';
import { nameKey } from '../names.ts';
import type { Progress } from '../progress.ts';
import type { RejectFile } from '../rejects.server.ts';
import { readAccount, readAgent, readOpportunity, readProduct, type Known } from './rows.server.ts';
import type { Opportunity, SalesSet } from './model.ts';

interface Reading {
  folder: string;
  rejects: RejectFile;
  progress: Progress;
  signal: AbortSignal;
}

const CHECK_EVERY = 500;

/**
 * Reads and checks the four files. Rows that cannot be taken go to `rejects`; `repeated` counts rows that say again
 * what another row said. Throws a RuleViolation for a file that is missing or of another shape.
 */
export async function readSales(reading: Reading): Promise<SalesSet & { repeated: number }> {
  if (!statSync(reading.folder, { throwIfNoEntry: false })?.isDirectory())
    throw new RuleViolation(`There is no folder ${reading.folder}`);
  const known: Known = { managers: new Map(), agents: new Map(), products: new Map(), accounts: new Map() };
  const agents = await read(reading, 'sales_teams.csv', ['sales_agent', 'manager', 'regional_office'], {
    take: (values) => readAgent(values, known),
    key: (agent) => nameKey(agent.name),
    into: known.agents
  });
  const products = await read(reading, 'products.csv', ['product', 'series', 'sales_price'], {
    take: readProduct,
    key: (product) => product.key,
    into: known.products
  });
  const accounts = await read(reading, 'accounts.csv', ACCOUNT_COLUMNS, {
    take: readAccount,
    key: (account) => nameKey(account.name),
    into: known.accounts
  });
  const opportunities = await read(reading, 'sales_pipeline.csv', OPPORTUNITY_COLUMNS, {
    take: (values) => readOpportunity(values, known),
    key: (opportunity) => opportunity.id,
    into: new Map<string, Opportunity>()
  });
  return {
    managers: [...known.managers.values()],
    agents: agents.records,
    products: products.records,
    accounts: accounts.records,
    opportunities: opportunities.records,
    repeated: agents.repeated + products.repeated + accounts.repeated + opportunities.repeated
  };
}

const ACCOUNT_COLUMNS = [
  'account',
  'sector',
  'year_established',
  'revenue',
  'employees',
  'office_location',
  'subsidiary_of'
] as const;

const OPPORTUNITY_COLUMNS = [
  'opportunity_id',
  'sales_agent',
  'product',
  'account',
  'deal_stage',
  'engage_date',
  'close_date',
  'close_value'
] as const;

interface Shape<Column extends string, T> {
  /** Throws a BadRow. */
  take: (values: Record<Column, string>) => T;
  /** What must be there once. */
  key: (record: T) => string;
  into: Map<string, T>;
}

async function read<Column extends string, T>(
  { folder, rejects, progress, signal }: Reading,
  file: string,
  columns: readonly Column[],
  { take, key, into }: Shape<Column, T>
): Promise<{ records: T[]; repeated: number }> {
  const lines = new Map<string, number>();
  let rows = 0;
  let repeated = 0;
  for await (const row of readCsv(join(folder, file), columns)) {
    if (rows++ % CHECK_EVERY === 0) signal.throwIfAborted();
    try {
      const record = take(row.values());
      if (isRepeated(record, key(record), into, lines)) repeated += 1;
      else {
        into.set(key(record), record);
        lines.set(key(record), row.line);
      }
    } catch (error) {
      if (!(error instanceof BadRow)) throw error;
      rejects.add(file, row.line, error.message, row.raw);
    }
  }
  progress(`Rows of ${file}`, rows, rows);
  return { records: [...into.values()], repeated };
}

function isRepeated<T>(record: T, key: string, into: Map<string, T>, lines: Map<string, number>): boolean {
  const earlier = into.get(key);
  if (!earlier) return false;
  if (JSON.stringify(earlier) !== JSON.stringify(record))
    throw new BadRow(`Line ${lines.get(key)} says something else of the same record`);
  return true;
}
