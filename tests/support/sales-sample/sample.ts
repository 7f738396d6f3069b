import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** A made-up sales set of the same shape and dirt as real ones: 7 agents, 3 products, 7 accounts, 18 opportunities. */
export const SALES_SAMPLE = fileURLToPath(new URL('.', import.meta.url));

export const SALES_FILES = ['sales_teams.csv', 'products.csv', 'accounts.csv', 'sales_pipeline.csv'] as const;

type Change = (text: string) => string;

/** A copy of the sample to spoil, removed when the test is over. */
export function spoiledSample(changes: Partial<Record<(typeof SALES_FILES)[number], Change>> = {}): string {
  const folder = temporaryFolder();
  for (const file of SALES_FILES) {
    cpSync(join(SALES_SAMPLE, file), join(folder, file));
    const change = changes[file];
    if (change) writeFileSync(join(folder, file), change(readFileSync(join(folder, file), 'utf8')));
  }
  return folder;
}

/** An empty folder, removed when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-import-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Adds rows at the end of a file. */
export const withRows =
  (...rows: string[]): Change =>
  (text) =>
    `${text}${rows.join('\r\n')}\r\n`;
