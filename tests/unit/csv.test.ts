import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { csvLine } from '#lib/platform/csv.ts';

describe('A line of CSV', () => {
  it('holds plain values as they are', () => {
    expect(csvLine(['CL-000001', 12, true, 'Asha Rao'])).toBe('CL-000001,12,true,Asha Rao\r\n');
  });

  it('leaves what is not there empty', () => {
    expect(csvLine([null, undefined, ''])).toBe(',,\r\n');
  });

  it('quotes commas, quotes, line breaks and spaces at the ends', () => {
    expect(csvLine(['a,b', 'say "hi"', 'two\nlines', ' x '])).toBe(
      '"a,b","say ""hi""","two\nlines"," x "\r\n'
    );
  });

  it('writes times with their zone', () => {
    expect(csvLine([new Date('2026-11-21T08:00:00Z')])).toBe('2026-11-21T08:00:00.000Z\r\n');
  });

  it.each(['=1+1', '+91 98200', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '  =1', '＝1+1', '\n@x'])(
    'disarms %j',
    (text) => {
      const [[cell]] = parse(csvLine([text])) as [[string]];
      expect(cell).toBe(`'${text}`);
    }
  );

  it('keeps numbers with a sign, and telephone numbers', () => {
    expect(csvLine(['-1250.50', -3, '+919820012345'])).toBe('-1250.50,-3,+919820012345\r\n');
  });

  it('is read back as it was written', () => {
    const values = ['ärger', '日本, 東京', '"', '""', 'ends with\r\n', '🙂', 'עברית', 'a;b'];
    const rows: unknown = parse(csvLine(values));
    expect(rows).toEqual([values]);
  });
});
