import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCsv } from '#lib/imports/csv.server.ts';
import { encodingOf } from '#lib/imports/encoding.server.ts';
import { temporaryFolder } from '../support/sales-sample/sample.ts';

function fileOf(bytes: Buffer): string {
  const file = join(temporaryFolder(), 'list.csv');
  writeFileSync(file, bytes);
  return file;
}

async function valuesOf(file: string) {
  const rows = await Array.fromAsync(readCsv(file, ['name', 'note']));
  return rows.map((row) => row.values());
}

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const MARK = '\ufeff';

const ENCODINGS: [name: string, encode: (text: string) => Buffer][] = [
  ['UTF-8', (text) => Buffer.from(text)],
  ['UTF-8 with a byte order mark', (text) => Buffer.from(MARK + text)],
  ['UTF-16 LE with a byte order mark', (text) => Buffer.from(MARK + text, 'utf16le')],
  ['UTF-16 LE without one', (text) => Buffer.from(text, 'utf16le')],
  ['UTF-16 BE with a byte order mark', (text) => utf16be(MARK + text)],
  ['UTF-16 BE without one', utf16be]
];
const SEPARATORS: [name: string, separator: string][] = [
  ['commas', ','],
  ['semicolons', ';'],
  ['tabs', '\t']
];

/** A field that holds every separator, a quote and a line end, in two scripts. */
const NOTE = 'Zoë, ₹5; "so"\tsaid\r\nमीरा 🙂';
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const written = (separator: string, name: string, note: string) =>
  [
    ['name', '"note"'],
    [name, quoted(note)],
    ['Plain', '']
  ]
    .map((row) => row.join(separator))
    .join('\r\n');

describe.each(ENCODINGS)('a file in %s', (_, encode) => {
  it.each(SEPARATORS)('with %s is read to the letter', async (_name, separator) => {
    const file = fileOf(encode(written(separator, 'Müller & Söhne', NOTE)));
    expect(await valuesOf(file)).toEqual([
      { name: 'Müller & Söhne', note: NOTE },
      { name: 'Plain', note: '' }
    ]);
  });
});

describe('a file in Windows-1252', () => {
  // € and the curly quotes are where Latin-1 has nothing.
  const bytes = (separator: string) =>
    Buffer.from(written(separator, 'M\xfcller', 'costs \x80 5, \x93so\x94; said\t\r\nna\xefve'), 'latin1');

  it.each(SEPARATORS)('with %s is read to the letter', async (_, separator) => {
    expect(await valuesOf(fileOf(bytes(separator)))).toEqual([
      { name: 'Müller', note: 'costs € 5, “so”; said\t\r\nnaïve' },
      { name: 'Plain', note: '' }
    ]);
  });

  it('is known by one letter far behind its beginning', async () => {
    const file = fileOf(Buffer.from(`name,note\n${'plain,row\n'.repeat(50_000)}M\xfcller,\n`, 'latin1'));
    const rows = await valuesOf(file);
    expect([rows.length, rows.at(-1)?.name]).toEqual([50_001, 'Müller']);
  });
});

describe('what is none of them', () => {
  it('is refused with what to do', async () => {
    const binary = fileOf(Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0x81, 0xff, 0, 0x90, 7]));
    await expect(encodingOf(binary)).rejects.toThrow(/list\.csv is neither in UTF-8 nor .*save it as/);
    const cut = fileOf(Buffer.concat([Buffer.from(`${MARK}name,note\n1,2`, 'utf16le'), Buffer.from([0x2c])]));
    await expect(valuesOf(cut)).rejects.toThrow(/list\.csv is broken near line 2/);
    await expect(valuesOf(fileOf(Buffer.from('name|note\n1|2\n')))).rejects.toThrow(
      'list.csv has neither commas nor semicolons or tabs between its columns; it begins: name|note'
    );
  });

  it('is told by the columns it lacks where it has separators', async () => {
    await expect(valuesOf(fileOf(Buffer.from('name;"a,b,c,d"\n')))).rejects.toThrow(
      /lacks the column note; it has: name, a,b,c,d/
    );
    await expect(valuesOf(fileOf(Buffer.from('name\nx\n')))).rejects.toThrow(/lacks the column note/);
    await expect(valuesOf(fileOf(Buffer.from('')))).rejects.toThrow(/list\.csv is empty/);
  });
});
