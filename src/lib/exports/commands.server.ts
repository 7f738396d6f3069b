import { listAudit } from '#lib/admin/audit-reads.server.ts';
import { ACTION_LABELS, type AuditEntry, type AuditFilter } from '#lib/admin/audit-model.ts';
import { AUDIT_KINDS } from '#lib/admin/audit-kinds.ts';
import { recordExport } from '#lib/platform/audit/acts.server.ts';
import { may, type Actor } from '#lib/platform/auth/permissions.ts';
import { BYTE_ORDER_MARK, csvLine, type CsvValue } from '#lib/platform/csv.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Forbidden, RuleViolation } from '#lib/platform/errors.ts';
import type { ExportReportInput } from '#lib/reports/model.ts';
import type { Unit } from '#lib/reports/table.ts';
import { reportTable } from '#lib/reports/table.server.ts';
import { firmOf } from '#lib/settings/reads.server.ts';
import type { Exported } from './model.ts';
import { wordsOf } from '#lib/ui/words.ts';
import { headingsOf, linesOf, type Source } from './source.server.ts';
import { spool } from './spool.server.ts';

const MOST_ROWS = 500_000;

interface Narrowed {
  filter?: object | undefined;
}

/**
 * Writes a list as the actor sees it, filtered and sorted, and notes who took what away. `tx` must be one snapshot, so
 * that no row is missed or met twice. Forbidden without the permission to see the list.
 */
export async function exportList<Input extends Narrowed>(
  tx: Tx,
  actor: Actor,
  source: Source<Input>,
  input: Input
): Promise<Exported> {
  if (!may(actor, source.permission)) throw new Forbidden();
  const firm = await firmOf(tx);
  const lines = linesOf(tx, actor, source, input);
  const about = { ...source, timeZone: firm.timeZone, filter: input.filter ?? {} };
  return write(tx, actor, about, headingsOf(source, firm), lines);
}

/** The audit trail as a file; its export is written down like any other. */
export async function exportAudit(tx: Tx, actor: Actor, filter: AuditFilter = {}): Promise<Exported> {
  const { timeZone } = await firmOf(tx);
  const about = { what: 'audit', table: 'audit_log', timeZone, filter };
  const headings = ['Entry', 'Time (UTC)', 'Person', 'Action', 'Kind', 'Part', 'Record', 'Changes'];
  return write(tx, actor, about, headings, auditLines(tx, filter));
}

/** What a column of a file is measured in, where its name alone does not say it. */
const unitsOf = (currency: string): Partial<Record<Unit, string>> => ({
  ...{ minutes: 'minutes', days: 'days', percent: '%' },
  ...{ money: currency, moneyChange: currency }
});

/** As a spreadsheet takes it: shares of one as percents, with one decimal. */
function cellOf(unit: Unit, value: CsvValue): CsvValue {
  return unit === 'percent' && typeof value === 'number' ? Math.round(value * 1000) / 10 : value;
}

/** One table of a report as a file, all its rows. Forbidden without the permission to see reports. */
export async function exportReport(tx: Tx, actor: Actor, input: ExportReportInput): Promise<Exported> {
  if (!may(actor, 'reports.view')) throw new Forbidden();
  const table = await reportTable(tx, actor, input);
  const firm = await firmOf(tx);
  const { Client, Clients } = wordsOf(firm);
  const said = (text: string) => text.replace(/\bClients\b/, Clients).replace(/\bClient\b/, Client);
  const units = unitsOf(firm.currency);
  const headings = [
    table.about,
    ...table.columns.map(({ label, unit }) => label + (units[unit] ? ` (${units[unit]})` : ''))
  ];
  const lines = table.rows.map(({ label, none, figures }): CsvValue[] => [
    label === null ? none : said(label),
    ...table.columns.map(({ key, unit }) => cellOf(unit, figures[key]?.value))
  ]);
  const about = {
    what: `${input.report}-${table.key}`,
    table: 'reports',
    timeZone: firm.timeZone,
    filter: input.filter
  };
  return write(tx, actor, about, headings.map(said), [lines]);
}

async function* auditLines(tx: Tx, filter: AuditFilter): AsyncGenerator<CsvValue[][]> {
  let cursor: string | undefined;
  do {
    const page = await listAudit(tx, { filter, cursor, limit: 1000 });
    yield page.items.map(auditLine);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

const auditLine = ({ id, at, by, action, kind, part, record, changes }: AuditEntry): CsvValue[] => [
  id,
  at,
  by?.name,
  ACTION_LABELS[action],
  kind && AUDIT_KINDS[kind].label,
  part,
  record?.label,
  changes.map(({ label, from, to }) => `${label}: ${from ?? '–'} → ${to ?? '–'}`).join('; ')
];

interface About {
  what: string;
  table: string;
  timeZone: string;
  filter: object;
}

async function write(
  tx: Tx,
  actor: Actor,
  { what, table, timeZone, filter }: About,
  headings: string[],
  pages: AsyncIterable<CsvValue[][]> | Iterable<CsvValue[][]>
): Promise<Exported> {
  const {
    id,
    bytes,
    result: rows
  } = await spool(actor.userId, async (add) => {
    let written = 0;
    await add(BYTE_ORDER_MARK + csvLine(headings));
    for await (const page of pages) {
      written += page.length;
      if (written > MOST_ROWS)
        throw new RuleViolation('These are more than 500,000 rows. Narrow the list and export it in parts');
      await add(page.map(csvLine).join(''));
    }
    return written;
  });
  await recordExport(tx, { table, what, filter: given(filter), rows });
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone }).format(new Date());
  return { id, name: `${what}-${today}.csv`, rows, bytes };
}

/** Half of a character, which a text may hold, is none in JSON. */
const given = (filter: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(filter)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]: [string, unknown]) => [
        name,
        typeof value === 'string' ? value.toWellFormed() : value
      ])
  );
