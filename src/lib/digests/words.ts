import type { CountKey, DigestContent, DigestCount, DigestLine, DigestSection, SectionKey } from './model.ts';

/** How the firm and its reader write. */
export interface Writing {
  locale: string;
  /** The reader's. */
  timeZone: string;
  currency: string;
  clientWord: 'client' | 'customer';
  promiseWord: 'TAT' | 'SLA';
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

export function titleOf(key: SectionKey, { clientWord, promiseWord }: Writing): string {
  const titles: Record<SectionKey, string> = {
    newlyOverdue: 'Became overdue',
    dueToday: 'Due today',
    escalated: 'Escalated',
    stillOverdue: 'Still overdue',
    leads: 'Leads to call',
    moved: 'Leads that moved',
    reviews: 'Portfolio reviews due',
    silent: `${capital(clientWord)}s without contact`,
    promises: `${promiseWord} kept`,
    steps: 'Breaches and escalations',
    attention: 'Needs a hand'
  };
  return titles[key];
}

/** One and many of what is counted. */
const COUNTED: Record<CountKey, [string, string]> = {
  queries: ['query', 'queries'],
  requests: ['request', 'requests'],
  leadsOverdue: ['lead overdue', 'leads overdue'],
  leadsToday: ['lead due today', 'leads due today'],
  leadsWaiting: ['lead with nobody yet', 'leads with nobody yet'],
  created: ['new lead', 'new leads'],
  converted: ['lead converted', 'leads converted'],
  denied: ['lead denied', 'leads denied'],
  reviewsOverdue: ['overdue', 'overdue'],
  reviewsWeek: ['within 7 days', 'within 7 days'],
  urgent: ['not spoken to for too long', 'not spoken to for too long'],
  never: ['never contacted', 'never contacted'],
  breaches: ['breach told of', 'breaches told of'],
  escalations: ['escalation', 'escalations'],
  failedRuns: ['run of a schedule failed', 'runs of schedules failed'],
  deadJobs: ['job given up', 'jobs given up'],
  unknownMails: ['mail that may not have arrived', 'mails that may not have arrived'],
  parkedMails: ['mail refused for good', 'mails refused for good'],
  failedDigests: ['digest not written', 'digests not written']
};

/** `3 queries`; more than were counted are `over 1,000`. */
export function inWords({ key, total, atLeast }: DigestCount, { locale }: Pick<Writing, 'locale'>): string {
  const number = new Intl.NumberFormat(locale).format(total);
  return `${atLeast ? 'about ' : ''}${number} ${COUNTED[key][total === 1 ? 0 : 1]}`;
}

/** The day of a digest: `Friday, 20 November 2026`. */
export const dayInWords = (date: string, { locale }: Pick<Writing, 'locale'>): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' }).format(new Date(date));

/** A date, or the day of a moment in a zone: `20 Nov`. */
export const shortDay = (date: string, { locale }: Pick<Writing, 'locale'>, timeZone = 'UTC'): string =>
  new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone }).format(new Date(date));

export const momentInWords = (moment: string, { locale, timeZone }: Writing): string =>
  new Intl.DateTimeFormat(locale, {
    ...{ weekday: 'short', day: 'numeric', month: 'short' },
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }
  }).format(new Date(moment));

/** What of a section is named in those above it; null where nothing is. */
export function aboveInWords({ lines, above = 0 }: Pick<DigestSection, 'lines' | 'above'>): string | null {
  if (above === 0) return null;
  if (lines.length > 0) return `${above} more ${above === 1 ? 'is' : 'are'} named above`;
  return above === 1 ? 'It is named above' : `All ${above} are named above`;
}

/** With whom a line's work is and when it is due. */
export function noteOf(
  { who, at, on, late, firstCall, lastContactAt }: DigestLine,
  key: SectionKey,
  writing: Writing
): string {
  const parts = who === undefined ? [] : [who ?? (key === 'leads' ? 'with nobody yet' : 'in the queue')];
  if (at) parts.push(dueAt(at, writing));
  else if (at === null) parts.push(`waits for the ${writing.clientWord}`);
  if (firstCall) parts.push(`first call ${dueAt(firstCall, writing)}`);
  if (on) parts.push(`${onDay(key, late === true && !firstCall)} ${shortDay(on, writing)}`);
  if (lastContactAt) parts.push(`last on ${shortDay(lastContactAt, writing, writing.timeZone)}`);
  else if (lastContactAt === null) parts.push('never');
  return parts.join(', ');
}

const dueAt = (at: string, writing: Writing) =>
  `${Date.parse(at) < Date.now() ? 'was due' : 'due'} ${momentInWords(at, writing)}`;

function onDay(key: SectionKey, late: boolean): string {
  if (key !== 'leads') return late ? 'was due' : 'due';
  return late ? 'follow-up was due' : 'follow-up';
}

const money = (value: string, { locale, currency }: Writing) =>
  new Intl.NumberFormat(locale, { style: 'currency', currency, notation: 'compact' }).format(Number(value));

const OF_WHOM: Record<DigestContent['about'], string> = {
  teams: ' of your people and teams',
  own: ' of yours',
  firm: ''
};

/** `34 open leads of your people and teams worth ₹1.2Cr at the end of 19 Nov, 3 more than on 16 Nov`. */
export function pipelineInWords(
  { about }: Pick<DigestContent, 'about'>,
  { now, before }: NonNullable<DigestContent['pipeline']>,
  writing: Writing
): string {
  const leads = `${now.open} open ${now.open === 1 ? 'lead' : 'leads'}${OF_WHOM[about]} worth ${money(now.value, writing)} at the end of ${shortDay(now.on, writing)}`;
  if (!before) return leads;
  const more = now.open - before.open;
  const change = more === 0 ? 'as many as' : `${Math.abs(more)} ${more > 0 ? 'more' : 'fewer'} than`;
  return `${leads}, ${change} on ${shortDay(before.on, writing)}`;
}

/** The nightly report these words are of, compared as they compare; or the leads. */
export const pipelinePath = ({ now, before, path }: NonNullable<DigestContent['pipeline']>): string =>
  path ?? `/reports/pipeline?onDate=${now.on}${before ? `&compareWith=${before.on}` : ''}`;

/** The report on the promises of the week. */
export const promisesPath = ({ from, to }: NonNullable<DigestContent['promises']>): string =>
  `/reports/promises?from=${from}&to=${to}`;

/** `92 %`, or a dash where nothing ended. */
export function rateInWords(
  { ended, kept }: { ended: number; kept: number },
  { locale }: Pick<Writing, 'locale'>
): string {
  if (ended === 0) return '–';
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(kept / ended);
}

/** What a digest is called in the lists of mails and of digests. */
export function digestTitle(
  { promises }: Pick<DigestContent, 'promises'>,
  date: string,
  writing: Pick<Writing, 'locale'>
): string {
  if (!promises) return `Your morning, ${dayInWords(date, writing)}`;
  return `The week from ${shortDay(promises.from, writing)} to ${shortDay(promises.to, writing)}`;
}

const HEADLINES: SectionKey[] = ['newlyOverdue', 'dueToday', 'escalated', 'stillOverdue'];

/** The counts of a digest in a few words: `3 became overdue, 5 due today`. */
export function gistOf(sections: Pick<DigestSection, 'key' | 'counts'>[], writing: Writing): string {
  const told = sections.flatMap(({ key, counts }) => {
    const sum = counts.reduce((total, count) => total + count.total, 0);
    return HEADLINES.includes(key) && sum > 0 ? [`${sum} ${titleOf(key, writing).toLowerCase()}`] : [];
  });
  return told.join(', ');
}
