import type { MailContent, MailSection } from '#lib/platform/mail/layout.ts';
import type { DigestContent, Section, WorkLine } from './reads.server.ts';

interface Letter {
  name: string;
  firm: string;
  clientWord: 'client' | 'customer';
  /** `YYYY-MM-DD`. */
  date: string;
  locale: string;
  timeZone: string;
  /** Where Rapport is served, without a slash at the end. */
  baseUrl: string;
}

/** The morning digest as a mail: what is late, what falls due, what was escalated, and the figures. */
export function digestLetter(content: DigestContent, letter: Letter): MailContent {
  const { overdue, dueToday, escalated } = content;
  return {
    title: `Your morning digest, ${dayOf(letter)}`,
    paragraphs: [`Good morning ${letter.name}. This is what your teams promised and where it stands.`],
    sections: [
      ...work('Overdue', overdue, letter),
      ...work('Due today', dueToday, letter),
      ...work('Escalated since yesterday', escalated, letter),
      figures(content, letter)
    ],
    link: { label: 'Open Rapport', url: `${letter.baseUrl}/` },
    footer: `You get this as the head of a team at ${letter.firm}.`
  };
}

function dayOf({ date, locale }: Letter): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' }).format(new Date(date));
}

function work(heading: string, { total, lines }: Section, letter: Letter): MailSection[] {
  if (total === 0) return [];
  const more = total - lines.length;
  return [
    {
      heading: `${heading}: ${total}`,
      rows: [
        ...lines.map((line) => ({
          text: `${line.number} ${line.what}, ${line.client}`,
          note: note(line, letter),
          url: `${letter.baseUrl}/${line.kind === 'query' ? 'queries' : 'requests'}/${line.id}`
        })),
        ...(more > 0 ? [{ text: `and ${more} more`, url: `${letter.baseUrl}/requests?overdue=true` }] : [])
      ]
    }
  ];
}

function note({ owner, dueAt }: WorkLine, { locale, timeZone, clientWord }: Letter): string {
  const due = dueAt
    ? `due ${new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(dueAt)}`
    : `waiting for the ${clientWord}`;
  return `${owner ?? 'in the queue'}, ${due}`;
}

function figures({ pipeline, reviewsDue, neverOrLongAgo }: DigestContent, letter: Letter): MailSection {
  const { baseUrl, clientWord } = letter;
  const clients = clientWord === 'client' ? 'Clients' : 'Customers';
  const { created, converted, denied } = pipeline;
  return {
    heading: `${clients} and leads`,
    rows: [
      {
        text: 'Leads since yesterday',
        note: `${created} new, ${converted} converted, ${denied} denied`,
        url: `${baseUrl}/leads`
      },
      {
        text: 'Portfolio reviews due within a week',
        note: String(reviewsDue),
        url: `${baseUrl}/clients?sort=nextReview`
      },
      {
        text: `${clients} not spoken to for over 90 days`,
        note: String(neverOrLongAgo),
        url: `${baseUrl}/clients?attention=urgent`
      }
    ]
  };
}
