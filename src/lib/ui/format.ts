/** How the firm writes dates, times and money. `timeZone` is the viewer's where it is known. */
export interface Locale {
  locale: string;
  currency: string;
  timeZone: string;
}

export const defaultLocale: Locale = { locale: 'en-IN', currency: 'INR', timeZone: 'Asia/Kolkata' };

export type Moment = Date | string | number;

export interface Formats {
  /** `21 Nov 2026` */
  date: (value: Moment) => string;
  /** `21 Nov 2026, 17:30` */
  dateTime: (value: Moment) => string;
  /** `17:30`, as in the hours of calendars, in mail and in the explanations of clocks, in every locale. */
  time: (value: Moment) => string;
  /** `Sat, 21 Nov`, for headings of days. */
  day: (value: Moment) => string;
  /** `2026-11-21`: the calendar day of a moment in the zone. */
  isoDay: (value: Moment) => string;
  /** `2026-11-21T17:30` in the zone, as datetime-local inputs want it. */
  localInput: (value: Moment) => string;
  /** A numeric string of any length; never goes through a float. Currency defaults to the firm's. */
  money: (amount: string | number | null | undefined, currency?: string) => string;
  /** What one unit is worth: as many decimals as the numeric string has, two at least. */
  rate: (amount: string | null | undefined, currency?: string) => string;
  /** Units and the like: a numeric string with up to six decimals. */
  quantity: (value: string) => string;
  number: (value: number) => string;
  percent: (fraction: number) => string;
}

const known = new Map<string, Formats>();

/** Formats of a locale. The text is the same on the server and in the browser. */
export function formatsFor(locale: Locale): Formats {
  const key = `${locale.locale} ${locale.currency} ${locale.timeZone}`;
  const formats = known.get(key) ?? build(locale);
  known.set(key, formats);
  return formats;
}

function build({ locale, currency, timeZone }: Locale): Formats {
  const dates = (options: Intl.DateTimeFormatOptions, language = locale) => {
    const format = new Intl.DateTimeFormat(language, { ...options, timeZone });
    const ofDay = new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' });
    return (value: Moment) => steady((isDay(value) ? ofDay : format).format(new Date(value)));
  };
  const date = dates({ day: 'numeric', month: 'short', year: 'numeric' });
  const time = dates({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  // Swedish writes ISO 8601.
  const isoDay = dates({ year: 'numeric', month: '2-digit', day: '2-digit' }, 'sv-SE');
  const isoTime = dates({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, 'sv-SE');
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const quantity = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });

  return {
    date,
    time,
    isoDay,
    dateTime: (value) => `${date(value)}, ${time(value)}`,
    day: dates({ weekday: 'short', day: 'numeric', month: 'short' }),
    localInput: (value) => `${isoDay(value)}T${isoTime(value)}`,
    money: (amount, other) => formatMoney(amount, locale, other ?? currency),
    rate: (amount, other) => formatRate(amount, locale, other ?? currency),
    quantity: (value) => steady(quantity.format(value as unknown as number)),
    number: (value) => steady(number.format(value)),
    percent: (fraction) => steady(percent.format(fraction))
  };
}

/** A date of the firm, `2026-11-21`: the same day in whatever zone it is read. */
export const isDay = (value: Moment): value is string =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);

/** Unicode versions differ between Node and browsers in spaces. */
function steady(text: string): string {
  return text.replace(/[\u00a0\u202f\u2009]/g, ' ');
}

function formatMoney(amount: string | number | null | undefined, locale: string, currency: string): string {
  if (amount === null || amount === undefined || amount === '') return '–';
  const text = String(amount).trim();
  const whole = /^-?\d+(\.0+)?$/.test(text);
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: whole ? 0 : 2,
    maximumFractionDigits: whole ? 0 : 2
  });
  // A decimal string is formatted exactly; Number() would lose digits.
  return steady(format.format(text as unknown as number));
}

function formatRate(amount: string | null | undefined, locale: string, currency: string): string {
  if (!amount) return '–';
  const options = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
  const format = new Intl.NumberFormat(locale, {
    ...options,
    minimumFractionDigits: 2,
    maximumFractionDigits: 8
  });
  return steady(format.format(amount as unknown as number));
}

/** The moment meant by `YYYY-MM-DDTHH:mm` (or a day alone: its midnight) in a zone. */
export function fromLocalInput(text: string, timeZone: string): Date {
  const { localInput } = formatsFor({ ...defaultLocale, timeZone });
  const wall = Date.parse(`${text.length === 10 ? `${text}T00:00` : text}Z`);
  if (Number.isNaN(wall)) return new Date(Number.NaN);
  let moment = wall;
  // Twice: the first guess may lie on the other side of a change of the clocks.
  for (let round = 0; round < 2; round += 1) {
    const shown = Date.parse(`${localInput(moment)}Z`);
    moment += Math.floor(wall / MINUTE) * MINUTE - shown;
  }
  return new Date(moment);
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `in 3 h`, `2 days ago`, `now`; past seven days the caller should show the date instead. */
export function relative(value: Moment, now: number): string {
  const distance = new Date(value).getTime() - now;
  const size = duration(Math.abs(distance));
  if (size === null) return 'now';
  return distance > 0 ? `in ${size}` : `${size} ago`;
}

/** `12 min`, `3 h`, `2 days`; null under a minute. Rounds down, so that no promise looks longer than it is. */
export function duration(milliseconds: number): string | null {
  if (milliseconds < MINUTE) return null;
  if (milliseconds < HOUR) return `${Math.floor(milliseconds / MINUTE)} min`;
  if (milliseconds < DAY) return `${Math.floor(milliseconds / HOUR)} h`;
  const days = Math.floor(milliseconds / DAY);
  if (days < 60) return days === 1 ? '1 day' : `${days} days`;
  const months = Math.floor(days / 30.44);
  if (months < 24) return `${months} months`;
  return `${Math.floor(days / 365.25)} years`;
}

/** `3 h 20 min`: minutes of a calendar or of a clock. */
export function minutes(total: number): string {
  const whole = Math.max(0, Math.round(total));
  const hours = Math.floor(whole / 60);
  const rest = whole % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** `about 12,300` for an estimate, the exact number otherwise. */
export function total(count: number, isEstimate: boolean, formats: Formats): string {
  if (!isEstimate) return formats.number(count);
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(count, 1))) - 2);
  return `about ${formats.number(Math.round(count / step) * step)}`;
}

/** `1 lead`, `2 leads`; give the plural where adding an s is wrong. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
