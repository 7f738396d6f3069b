/** What a cell may hold; null and undefined are empty. */
export type CsvValue = string | number | boolean | Date | null | undefined;

/** Spreadsheets read UTF-8 only where the file begins with it. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** A spreadsheet takes a cell that begins like this for a formula, and runs it. */
const FORMULA = /^[\s\0]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/;
/** Also a telephone number as `+919820012345`: no formula, and to be read back as it was. */
const PLAIN_NUMBER = /^[+-]?\d+(\.\d+)?$/;
const NEEDS_QUOTES = /[",\r\n\u2028\u2029]|^\s|\s$/;

function textOf(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  return String(value);
}

/** One cell: quoted where needed, and with an apostrophe before what a spreadsheet would run. */
function csvCell(value: CsvValue): string {
  const text = textOf(value);
  const safe = FORMULA.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line of a CSV file as RFC 4180 has it, its line end included. */
export const csvLine = (values: readonly CsvValue[]): string => `${values.map(csvCell).join(',')}\r\n`;
