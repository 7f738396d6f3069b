import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { RuleViolation } from '#lib/platform/errors.ts';

const FLUSH_AT = 64_000;

/**
 * The rows an import did not take, as a CSV: file, line, reason, and the row as it was. It is written as they come,
 * beside its place, and appears there when the import is through. Only its owner may read it.
 */
export class RejectFile {
  readonly path: string;
  count = 0;
  #descriptor: number | null = null;
  #waiting = '';

  constructor(path: string) {
    this.path = path;
  }

  get #unfinished(): string {
    return `${this.path}.part`;
  }

  add(file: string, line: number, reason: string, raw: string): void {
    if (this.count === 0) this.#write('file,line,reason,row\n');
    this.count += 1;
    this.#write(`${csvLine([file, String(line), reason, raw])}\n`);
  }

  /** Puts the file in its place; an earlier one is removed when there is nothing to report. */
  finish(): void {
    if (this.count === 0) return rmSync(this.path, { force: true });
    this.#flush();
    this.#close();
    renameSync(this.#unfinished, this.path);
  }

  /** Forgets what was written, for an import that did not happen. */
  discard(): void {
    if (this.#descriptor === null) return;
    this.#close();
    rmSync(this.#unfinished, { force: true });
  }

  #write(text: string): void {
    this.#waiting += text;
    if (this.#descriptor === null || this.#waiting.length >= FLUSH_AT) this.#flush();
  }

  #flush(): void {
    this.#descriptor ??= this.#open();
    writeSync(this.#descriptor, this.#waiting);
    this.#waiting = '';
  }

  #open(): number {
    try {
      rmSync(this.#unfinished, { force: true });
      return openSync(this.#unfinished, 'wx', 0o600);
    } catch {
      throw new RuleViolation(`The rejected rows cannot be written to ${this.path}`);
    }
  }

  #close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}

/** One line of CSV without its end. */
export function csvLine(values: string[]): string {
  return values
    .map((value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value))
    .join(',');
}
