/** What a mail says. Plain text throughout: the layout escapes it. */
export interface MailContent {
  title: string;
  paragraphs?: string[];
  /** Sections of rows, each a line with an optional remark and link. */
  sections?: MailSection[];
  /** The one thing to do. `url` is absolute. */
  link?: { label: string; url: string };
  /** Why the reader gets this and where to change it. */
  footer?: string;
}

export interface MailSection {
  heading?: string;
  rows: MailRow[];
}

export interface MailRow {
  text: string;
  note?: string;
  url?: string;
}

const FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif";
const DARK = `@media (prefers-color-scheme:dark){
.page{background:#16181d!important}.card{background:#1f2229!important;border-color:#343945!important}
.ink{color:#e8eaee!important}.quiet{color:#a3a9b5!important}.line{border-color:#343945!important}
.anchor{color:#8ab4ff!important}}`;

/** One mail as HTML and as text. The HTML has its styles inline and reads well in light and dark. */
export function layoutMail(content: MailContent): { html: string; text: string } {
  return { html: asHtml(content), text: asText(content) };
}

function asHtml({ title, paragraphs = [], sections = [], link, footer }: MailContent): string {
  const body = [
    `<h1 class="ink" style="margin:0 0 16px;font-size:20px;line-height:1.3;color:#16181d">${escaped(title)}</h1>`,
    ...paragraphs.map(paragraph),
    ...sections.map(section),
    link ? button(link) : '',
    footer ? small(footer) : ''
  ].join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escaped(title)}</title><style>${DARK}</style></head>
<body class="page" style="margin:0;padding:24px 12px;background:#f4f5f7;${FONT}">
<div class="card" style="max-width:600px;margin:0 auto;padding:28px;background:#ffffff;border:1px solid #dfe2e8;border-radius:10px">
${body}
</div></body></html>`;
}

const paragraph = (text: string) =>
  `<p class="ink" style="margin:0 0 14px;font-size:15px;line-height:1.5;color:#16181d">${escaped(text)}</p>`;

const small = (text: string) =>
  `<p class="quiet" style="margin:24px 0 0;font-size:13px;line-height:1.5;color:#5d6470">${escaped(text)}</p>`;

function section({ heading, rows }: MailSection): string {
  const title = heading
    ? `<h2 class="quiet" style="margin:20px 0 6px;font-size:13px;line-height:1.4;color:#5d6470">${escaped(heading)}</h2>`
    : '';
  return `${title}<table role="presentation" style="width:100%;border-collapse:collapse">${rows.map(row).join('')}</table>`;
}

function row({ text, note, url }: MailRow): string {
  const words = url
    ? `<a class="anchor" href="${escaped(url)}" style="color:#1f5fd0;text-decoration:none">${escaped(text)}</a>`
    : escaped(text);
  const line = 'border-bottom:1px solid #e6e8ed;vertical-align:top;font-size:15px;line-height:1.45';
  return `<tr><td class="ink line" style="padding:8px 12px 8px 0;color:#16181d;${line}">${words}</td>
<td class="quiet line" style="padding:8px 0;color:#5d6470;text-align:right;${line}">${escaped(note ?? '')}</td></tr>`;
}

const button = ({ label, url }: { label: string; url: string }) =>
  `<p style="margin:22px 0 0"><a href="${escaped(url)}" style="display:inline-block;padding:10px 18px;border-radius:8px;background:#1f5fd0;color:#ffffff;font-size:15px;text-decoration:none">${escaped(label)}</a></p>`;

function asText({ title, paragraphs = [], sections = [], link, footer }: MailContent): string {
  const blocks = [
    `${title}\n${'='.repeat(Math.min(title.length, 70))}`,
    ...paragraphs,
    ...sections.map(({ heading, rows }) => [...(heading ? [heading] : []), ...rows.map(textRow)].join('\n')),
    ...(link ? [`${link.label}: ${link.url}`] : []),
    ...(footer ? [`-- \n${footer}`] : [])
  ];
  return `${blocks.join('\n\n')}\n`;
}

const textRow = ({ text, note, url }: MailRow) =>
  `- ${text}${note ? ` (${note})` : ''}${url ? `\n  ${url}` : ''}`;

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
};

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
