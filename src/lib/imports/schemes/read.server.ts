import { basename } from 'node:path';
import { RuleViolation } from '#lib/platform/errors.ts';
import { BadRow } from '../csv.server.ts';
import { textOf } from '../text.server.ts';
import type { Progress } from '../progress.ts';
import type { RejectFile } from '../rejects.server.ts';
import {
  COLUMNS,
  oddIsins,
  readScheme,
  sectionIn,
  type Column,
  type Heading,
  type Scheme
} from './rows.server.ts';

export interface SchemeList {
  schemes: Scheme[];
  /** Rows that say again what another row says. */
  repeated: number;
  /** Identifiers that were taken although they cannot be right, with their lines. */
  odd: { line: number; isin: string }[];
}

interface Reading {
  file: string;
  rejects: RejectFile;
  progress: Progress;
  signal: AbortSignal;
}

interface Line {
  number: number;
  text: string;
  /** Nothing stands above it and nothing below: so headings stand. */
  alone: boolean;
}

/**
 * Reads and checks the list: rows of six columns under headings of the kind of scheme and of the fund house. Lines that
 * are neither go to `rejects`. Throws a RuleViolation for a file that is missing or something else.
 */
export async function readSchemes({ file, rejects, progress, signal }: Reading): Promise<SchemeList> {
  const name = basename(file);
  const [header, ...lines] = linesOf(await textOf(file));
  const columns = columnsOf(name, header);
  const list = new List(columns);
  for (const line of lines) {
    signal.throwIfAborted();
    try {
      list.take(line);
    } catch (error) {
      if (!(error instanceof BadRow)) throw error;
      rejects.add(name, line.number, error.message, line.text);
    }
  }
  progress(`Rows of ${name}`, list.rows, list.rows);
  return { schemes: [...list.schemes.values()], repeated: list.repeated, odd: list.odd };
}

/** What was read so far, and under which headings the next row stands. */
class List {
  readonly schemes = new Map<string, Scheme>();
  readonly odd: SchemeList['odd'] = [];
  rows = 0;
  repeated = 0;
  readonly #columns: string[];
  readonly #lines = new Map<string, number>();
  #heading: Heading = { type: null, category: null, fundHouse: null };

  constructor(columns: string[]) {
    this.#columns = columns;
  }

  take({ number, text, alone }: Line): void {
    if (text.includes(';')) return this.#takeRow(number, text);
    const section = sectionIn(text);
    if (section) this.#heading = { ...section, fundHouse: null };
    else if (alone) this.#heading = { ...this.#heading, fundHouse: text.replace(/\s+/g, ' ') };
    else throw new BadRow('The line is neither a heading nor a scheme');
  }

  #takeRow(number: number, text: string): void {
    this.rows += 1;
    const scheme = readScheme(valuesOf(text, this.#columns), this.#heading);
    const earlier = this.schemes.get(scheme.code);
    if (earlier && JSON.stringify(earlier) !== JSON.stringify(scheme))
      throw new BadRow(`Line ${this.#lines.get(scheme.code)} says something else of the same scheme`);
    if (earlier) return void (this.repeated += 1);
    this.schemes.set(scheme.code, scheme);
    this.#lines.set(scheme.code, number);
    this.odd.push(...oddIsins(scheme).map((isin) => ({ line: number, isin })));
  }
}

/** The lines that hold something. */
function linesOf(text: string): Line[] {
  const all = text.split(/\r\n|\n|\r/).map((line) => line.trim());
  return all.flatMap((line, index) =>
    line === '' ? [] : [{ number: index + 1, text: line, alone: !all[index - 1] && !all[index + 1] }]
  );
}

function columnsOf(name: string, header: Line | undefined): string[] {
  if (!header) throw new RuleViolation(`${name} is empty: it needs a list of schemes as AMFI publishes it`);
  const columns = header.text.split(';').map((column) => column.trim().toLowerCase());
  const missing = Object.values(COLUMNS).filter((column) => !columns.includes(column));
  if (missing.length > 0)
    throw new RuleViolation(
      `${name} is no list of schemes as AMFI publishes it: its first line lacks ${missing.join(', ')}`
    );
  return columns;
}

function valuesOf(text: string, columns: string[]): Record<Column, string> {
  const values = text.split(';').map((value) => value.trim());
  if (values.length !== columns.length)
    throw new BadRow(`The row has ${values.length} columns, the header ${columns.length}`);
  if (text.includes('\0')) throw new BadRow('The row holds a NUL character');
  const entries = Object.entries(COLUMNS).map(([key, column]) => [
    key,
    values[columns.indexOf(column)] ?? ''
  ]);
  return Object.fromEntries(entries) as Record<Column, string>;
}
