import { PARTS } from './compiled-layout.ts';

/** What a mail says. Plain text throughout: the layout escapes it. Addresses are absolute. */
export interface MailContent {
  title: string;
  /** What a list of mails shows beside the subject; the first paragraph when left out. */
  preview?: string;
  paragraphs?: string[];
  /** A few large numbers in a row. */
  figures?: MailFigure[];
  /** Sections of rows, each a line with an optional remark and link. */
  sections?: MailSection[];
  /** The one thing to do. */
  link?: MailLink;
  /** Why the reader gets this and where to change it. */
  footer?: string;
}

export interface MailLink {
  label: string;
  url: string;
}

export interface MailFigure extends MailLink {
  value: string;
  tone?: 'bad' | 'warn' | undefined;
}

export interface MailSection {
  heading?: string;
  rows: MailRow[];
  /** Lead to all of what the rows begin. */
  more?: MailLink[];
}

export interface MailRow {
  text: string;
  note?: string;
  url?: string;
}

/** One mail as HTML and as text. The HTML is `layout.mjml`, compiled by `node scripts/mail-layout.ts`. */
export function layoutMail(content: MailContent): { html: string; text: string } {
  return { html: asHtml(content), text: asText(content) };
}

type Part = keyof typeof PARTS;

const COLOURS = { bad: '#b3261e', warn: '#8a5200', ink: '#16181d' };

/** Keeps the beginning of the mail itself out of the line that a list of mails shows. */
const PADDING = '&#847;&zwnj;&nbsp;'.repeat(80);

/** A part with its values; `raw` is HTML already. Looked for once only, so that a value can hold what looks like a slot. */
const fill = (part: Part, values: Record<string, string> = {}, raw: Record<string, string> = {}): string =>
  PARTS[part].replace(/@(\w+)@|\[\[(\w+)\]\]/g, (_slot: string, value?: string, html?: string): string =>
    value ? escaped(values[value] ?? '') : (raw[html ?? ''] ?? '')
  );

function asHtml({
  title,
  preview,
  paragraphs = [],
  figures = [],
  sections = [],
  link,
  footer
}: MailContent): string {
  const content = [
    fill('title', { text: title }),
    ...paragraphs.map((text) => fill('paragraph', { text })),
    figures.length > 0 ? fill('figures', {}, { inner: tiles(figures) }) : '',
    ...sections.map(section),
    link ? fill('button', { label: link.label, url: webAddress(link.url) }) : '',
    footer ? fill('footer', { text: footer }) : ''
  ].join('\n');
  const shown = { language: 'en', title, preview: preview ?? paragraphs[0] ?? '' };
  return fill('page', shown, { content, padding: PADDING });
}

const tiles = (figures: MailFigure[]) =>
  figures.map((figure) => tile(figure, Math.floor(100 / figures.length) - 2)).join(fill('gap'));

function tile({ label, value, url, tone }: MailFigure, width: number): string {
  const look = { tone: tone ?? '', colour: COLOURS[tone ?? 'ink'], width: String(width) };
  return fill('figure', { label, value, url: webAddress(url), ...look });
}

const section = ({ heading, rows, more = [] }: MailSection) =>
  [
    heading ? fill('heading', { text: heading }) : '',
    rows.length > 0 ? fill('rows', {}, { inner: rows.map(row).join('\n') }) : '',
    more.length > 0 ? fill('more', {}, { inner: more.map(listed).join(' &nbsp; ') }) : ''
  ].join('\n');

const listed = ({ label, url }: MailLink) => fill('list', { label, url: webAddress(url) });

function row({ text, note, url }: MailRow): string {
  const inner: string = url ? fill('anchor', { text, url: webAddress(url) }) : escaped(text);
  return note ? fill('row', { note }, { inner }) : fill('wide', {}, { inner });
}

/** Anything else in an `href` would run or be resolved against wherever the mail is read. */
function webAddress(url: string): string {
  if (!/^https?:\/\//.test(url)) throw new Error(`A link in a mail must be a whole web address, not ${url}`);
  return url;
}

function asText({ title, paragraphs = [], figures = [], sections = [], link, footer }: MailContent): string {
  const blocks = [
    `${title}\n${'='.repeat(Math.min(title.length, 70))}`,
    ...paragraphs,
    ...(figures.length > 0 ? [figures.map(({ label, value }) => `${label}: ${value}`).join('\n')] : []),
    ...sections.map(textSection),
    ...(link ? [`${link.label}: ${link.url}`] : []),
    ...(footer ? [`-- \n${footer}`] : [])
  ];
  return `${blocks.join('\n\n')}\n`;
}

const textSection = ({ heading, rows, more = [] }: MailSection) =>
  [
    ...(heading ? [heading] : []),
    ...rows.map(textRow),
    ...more.map(({ label, url }) => `${label}: ${url}`)
  ].join('\n');

const textRow = ({ text, note, url }: MailRow) =>
  `- ${text}${note ? ` (${note})` : ''}${url ? `\n  ${url}` : ''}`;

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\n': '<br>'
};

const escaped = (text: string) => text.replace(/[&<>"'\n]/g, (character) => ENTITIES[character] ?? character);
