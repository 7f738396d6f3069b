import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCsv } from '#lib/imports/csv.server.ts';
import { temporaryFolder } from '../support/sales-sample/sample.ts';

async function rowsOf(text: string) {
  const file = join(temporaryFolder(), 'list.csv');
  writeFileSync(file, text);
  const rows = await Array.fromAsync(readCsv(file, ['a', 'b']));
  return rows.map((row) => [row.line, row.values()] as const);
}

describe('reading CSV', () => {
  it.each([
    ['plain', 'a,b\n1,2\n'],
    ['a byte order mark', '\ufeffa,b\n1,2\n'],
    ['CRLF', 'a,b\r\n1,2\r\n'],
    ['CR alone', 'a,b\r1,2\r'],
    ['no end to the last line', 'a,b\n1,2'],
    ['quotes', '"a","b"\n"1","2"\n'],
    ['spaces and case in the header', ' A , B \n 1 , 2 \n'],
    ['columns in another order, and more of them', 'c,b,a\n3,2,1\n']
  ])('takes %s', async (_, text) => {
    expect(await rowsOf(text)).toEqual([[2, { a: '1', b: '2' }]]);
  });

  it('keeps commas, quotes and line ends inside quotes, and counts lines through them and through empty ones', async () => {
    expect(await rowsOf('a,b\r\n"x\r\ny","p ""q"", r"\n\n\r\n3,4\r\n')).toEqual([
      [2, { a: 'x\r\ny', b: 'p "q", r' }],
      [6, { a: '3', b: '4' }]
    ]);
  });

  it('spoils no other row where a quote is in the wrong place', async () => {
    expect(await rowsOf('a,b\n1,"2"x\n3,4"5\n6,7\n')).toEqual([
      [2, { a: '1', b: '"2"x' }],
      [3, { a: '3', b: '4"5' }],
      [4, { a: '6', b: '7' }]
    ]);
  });

  it('refuses a row of another length, or with a NUL', async () => {
    await expect(rowsOf('a,b\n1\n')).rejects.toThrow('The row has 1 columns, the header 2');
    await expect(rowsOf('a,b\n1,2\0\n')).rejects.toThrow('NUL');
  });

  it('refuses a header with a column twice, and a row without end', async () => {
    await expect(rowsOf('a,b,a\n1,2,3\n')).rejects.toThrow('list.csv has the column a twice');
    await expect(rowsOf(`a,b\n1,"${'x\n'.repeat(600_000)}`)).rejects.toThrow(/begins in line 2 has no end/);
  });
});
