import { productKey } from '#lib/catalogue/model.ts';
import { type SchemeType } from '#lib/catalogue/kinds.ts';
import { BadRow } from '../csv.server.ts';
import { shown } from '../fields.server.ts';

export interface Scheme {
  code: string;
  name: string;
  nameKey: string;
  isin: string | null;
  isinReinvestment: string | null;
  fundHouse: string | null;
  type: SchemeType | null;
  category: string | null;
  /** Exact text; null where none was published. */
  nav: string | null;
  /** `YYYY-MM-DD` */
  navOn: string | null;
}

/** What the headings above a row say of it. */
export type Heading = Pick<Scheme, 'type' | 'category' | 'fundHouse'>;

export const COLUMNS = {
  code: 'scheme code',
  isin: 'isin div payout/ isin growth',
  isinReinvestment: 'isin div reinvestment',
  name: 'scheme name',
  nav: 'net asset value',
  navOn: 'date'
} as const;
export type Column = keyof typeof COLUMNS;

const LONGEST_NAME = 300;
const NOTHING = new Set(['', '-', '--', '---', 'N.A.', 'NA', 'N/A']);
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WELL_FORMED_ISIN = /^[A-Z]{2}[A-Z0-9]{9}\d$/;

/** A row under its headings. Throws a BadRow. */
export function readScheme(values: Record<Column, string>, heading: Heading): Scheme {
  const { code, name } = values;
  if (!/^\d{1,10}$/.test(code)) throw new BadRow(`Scheme Code is no number: ${shown(code)}`);
  if (productKey(name) === '') throw new BadRow(`Scheme Name has no letter or digit: ${shown(name)}`);
  if (name.length > LONGEST_NAME)
    throw new BadRow(`Scheme Name is longer than ${LONGEST_NAME} characters: ${shown(name)}`);
  return {
    ...heading,
    code,
    name,
    nameKey: productKey(name),
    isin: isinIn(values.isin),
    isinReinvestment: isinIn(values.isinReinvestment),
    nav: navIn(values.nav),
    navOn: dayIn(values.navOn)
  };
}

/** The scheme's identifiers that cannot be right; they are taken as they are. */
export const oddIsins = ({ isin, isinReinvestment }: Scheme): string[] =>
  [isin, isinReinvestment].filter((one) => one !== null && !WELL_FORMED_ISIN.test(one)) as string[];

/** `Open Ended Schemes(Debt Scheme - Liquid Fund)`; null when the line is no such heading. */
export function sectionIn(line: string): Pick<Heading, 'type' | 'category'> | null {
  const [, word = '', category = ''] =
    /^(Open|Close|Closed|Interval)[\w -]*?Schemes?\s*\((.*)\)$/i.exec(line) ?? [];
  if (word === '') return null;
  const type = word.toLowerCase().replace('closed', 'close') as SchemeType;
  return { type, category: category.replace(/\s+/g, ' ').trim() || null };
}

const isMissing = (text: string) => NOTHING.has(text.toUpperCase());

function isinIn(text: string): string | null {
  const isin = text.toUpperCase();
  if (isMissing(isin)) return null;
  if (!/^[A-Z0-9]{1,12}$/.test(isin))
    throw new BadRow(`An ISIN has up to twelve letters and digits: ${shown(text)}`);
  return isin;
}

function navIn(text: string): string | null {
  if (isMissing(text)) return null;
  // Some fund houses write .4157, and some 10.
  if (!/^(\d{1,12}(\.\d{0,8})?|\.\d{1,8})$/.test(text))
    throw new BadRow(`Net Asset Value is no number of zero or more: ${shown(text)}`);
  return text.replace(/^\./, '0.').replace(/\.$/, '');
}

function dayIn(text: string): string | null {
  if (isMissing(text)) return null;
  const [, day, month = '', year] = /^(\d{2})-([A-Za-z]{3})-((?:19|20)\d{2})$/.exec(text) ?? [];
  const number = MONTHS.indexOf(month.toLowerCase()) + 1;
  const date = `${year}-${String(number).padStart(2, '0')}-${day}`;
  const moment = new Date(`${date}T00:00:00Z`);
  if (!day || number === 0 || Number.isNaN(moment.getTime()) || moment.toISOString().slice(0, 10) !== date)
    throw new BadRow(`Date is no date of the form DD-Mon-YYYY: ${shown(text)}`);
  return date;
}
