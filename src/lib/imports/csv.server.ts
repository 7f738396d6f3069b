import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { RuleViolation } from '#lib/platform/errors.ts';
import { decoded, encodingOf, openingOf, type Encoding } from './encoding.server.ts';
import { firstRow, separatorOf } from './separator.ts';
import { inWords } from './unreadable.ts';

/** A row that cannot be taken; the message is the reason given in the file of rejected rows. */
export class BadRow extends Error {}

export interface CsvRow<Column extends string> {
  /** Where the row begins in the file; the header is line 1. */
  line: number;
  /** The row as it stands in the file. */
  raw: string;
  /** Trimmed. Throws a BadRow when the row has more or fewer columns than the header. */
  values(): Record<Column, string>;
}

interface Parsed {
  record: string[];
  raw: string;
}

const LONGEST_ROW = 1_000_000;

const FORMAT = {
  raw: true,
  // A quote in the wrong place then spoils its own row only.
  relax_quotes: true,
  relax_column_count: true,
  skip_empty_lines: true,
  record_delimiter: ['\r\n', '\n', '\r'],
  max_record_size: LONGEST_ROW
};

/**
 * Streams the rows of a CSV file in UTF-8, UTF-16 or Windows-1252, with commas, semicolons or tabs, with any line ends:
 * all of it is found out. Throws a RuleViolation that names the file when it is missing, is something else, or lacks a
 * column; columns beyond the wanted ones are passed over.
 */
export async function* readCsv<Column extends string>(
  path: string,
  columns: readonly Column[]
): AsyncGenerator<CsvRow<Column>> {
  const name = basename(path);
  let header: string[] | null = null;
  let line = 1;
  let source: Readable | null = null;
  try {
    const encoding = await encodingOf(path);
    const parser = parse({ ...FORMAT, delimiter: await delimiterOf(path, encoding, columns) });
    source = Readable.from(decoded(path, encoding));
    source.on('error', (error) => parser.destroy(error)).pipe(parser);
    for await (const { record, raw } of parser as AsyncIterable<Parsed>) {
      // Empty lines before a row come with it; the parser's own count takes CRLF inside quotes for two lines.
      const [before] = /^[\r\n]*/.exec(raw) ?? [''];
      const row = raw.slice(before.length).replace(/[\r\n]+$/, '');
      if (header) yield rowOf(header, columns, { record, line: line + lineEnds(before), raw: row });
      else header = checkedHeader(name, record, columns);
      line += lineEnds(raw);
    }
  } catch (error) {
    throw describe(error, path, line);
  } finally {
    source?.destroy();
  }
  if (!header) throw new RuleViolation(`${name} is empty: it needs the columns ${columns.join(', ')}`);
}

async function delimiterOf(path: string, encoding: Encoding, columns: readonly string[]): Promise<string> {
  const opening = await openingOf(path, encoding);
  const separator = separatorOf(opening, columns);
  if (separator) return separator;
  const row = firstRow(opening).slice(0, 100);
  throw new RuleViolation(
    `${basename(path)} has neither commas nor semicolons or tabs between its columns; it begins: ${row}`
  );
}

function checkedHeader(name: string, record: string[], columns: readonly string[]): string[] {
  const header = record.map((column) => column.trim().toLowerCase());
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    const which = `${missing.length === 1 ? 'column' : 'columns'} ${missing.join(', ')}`;
    throw new RuleViolation(`${name} lacks the ${which}; it has: ${header.join(', ').slice(0, 500)}`);
  }
  const twice = columns.find((column) => header.indexOf(column) !== header.lastIndexOf(column));
  if (twice) throw new RuleViolation(`${name} has the column ${twice} twice`);
  return header;
}

function rowOf<Column extends string>(
  header: string[],
  columns: readonly Column[],
  { record, line, raw }: { record: string[]; line: number; raw: string }
): CsvRow<Column> {
  const values = () => {
    if (record.length !== header.length)
      throw new BadRow(`The row has ${record.length} columns, the header ${header.length}`);
    if (raw.includes('\0')) throw new BadRow('The row holds a NUL character');
    const entries = columns.map((column) => [column, (record[header.indexOf(column)] ?? '').trim()]);
    return Object.fromEntries(entries) as Record<Column, string>;
  };
  return { line, raw, values };
}

function lineEnds(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

function describe(error: unknown, path: string, line: number): unknown {
  const name = basename(path);
  if (error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED')
    return new RuleViolation(`${name}: a quote opened in line ${line} or after is never closed`);
  if (error instanceof CsvError && error.code === 'CSV_MAX_RECORD_SIZE')
    return new RuleViolation(
      `${name}: the row that begins in line ${line} has no end within ${LONGEST_ROW} characters: is a quote never closed?`
    );
  return inWords(error, path, line);
}
