import type { MailContent, MailFigure, MailRow, MailSection } from '#lib/platform/mail/layout.ts';
import { sumOf, type DigestContent, type DigestSection, type SectionKey } from './model.ts';
import {
  aboveInWords,
  digestTitle,
  gistOf,
  inWords,
  noteOf,
  pipelineInWords,
  pipelinePath,
  promisesPath,
  rateInWords,
  shortDay,
  titleOf,
  type Writing
} from './words.ts';

export interface Letter extends Writing {
  name: string;
  firm: string;
  /** `YYYY-MM-DD`. */
  date: string;
  /** Where Rapport is served, without a slash at the end. */
  baseUrl: string;
  /** The page that shows this digest. */
  page: string;
}

/** A digest as a mail. */
export function digestLetter(content: DigestContent, letter: Letter): MailContent {
  const { baseUrl, page } = letter;
  const gist = gistOf(content.sections, letter);
  return {
    title: digestTitle(content, letter.date, letter),
    ...(gist && { preview: gist }),
    paragraphs: [opening(content, letter)],
    figures: figures(content, letter),
    sections: [
      ...promises(content, letter),
      ...content.sections.map((section) => sectionOf(section, content, letter)),
      ...pipelineAlone(content, letter)
    ],
    link: { label: 'See it in Rapport', url: baseUrl + page },
    footer: `${reason(content, letter)} Whether and when you get it is for you to choose, in your profile: ${baseUrl}/me`
  };
}

function opening({ about, promises: kept }: DigestContent, { name, ...letter }: Letter): string {
  const told = {
    teams: 'This is what your teams promised and where it stands.',
    own: 'This is what you promised and where it stands.',
    firm: kept ? `This was the week from ${shortDay(kept.from, letter)} to ${shortDay(kept.to, letter)}.` : ''
  };
  return `Good morning ${name}. ${told[about]}`;
}

function reason({ about }: DigestContent, { firm }: Letter): string {
  if (about === 'own') return `You asked for this at ${firm}.`;
  return about === 'teams'
    ? `You get this as the head of a team at ${firm}.`
    : `You get this as an administrator of ${firm}.`;
}

const TILES: [SectionKey, MailFigure['tone']][] = [
  ['newlyOverdue', 'bad'],
  ['dueToday', 'warn'],
  ['escalated', 'bad'],
  ['stillOverdue', 'bad']
];

function figures({ kind, sections, promises: kept }: DigestContent, letter: Letter): MailFigure[] {
  const url = letter.baseUrl + letter.page;
  const sum = (key: SectionKey) => sumOf(sections.find((section) => section.key === key) ?? { counts: [] });
  const tile = (label: string, value: number, tone: MailFigure['tone']): MailFigure => ({
    ...{ label, value: String(value), url },
    ...(value > 0 && { tone })
  });
  if (kind === 'weekly') {
    const { whole } = kept ?? { whole: { ended: 0, kept: 0 } };
    return [
      { label: titleOf('promises', letter), value: rateInWords(whole, letter), url },
      tile('Late', whole.ended - whole.kept, 'bad'),
      tile(titleOf('attention', letter), sum('attention'), 'warn')
    ];
  }
  return TILES.map(([key, tone]) => tile(titleOf(key, letter), sum(key), tone));
}

function sectionOf(section: DigestSection, content: DigestContent, letter: Letter): MailSection {
  const { key, counts, lines } = section;
  const { baseUrl } = letter;
  const heading = `${titleOf(key, letter)}: ${sumOf(section)}`;
  const above = aboveInWords(section);
  const also: MailRow[] = above === null ? [] : [{ text: above }];
  if (lines.length === 0) {
    const rows = counts.map((count): MailRow => ({
      text: inWords(count, letter),
      url: baseUrl + count.path
    }));
    return { heading, rows: [...also, ...rows, ...(key === 'moved' ? pipelineRows(content, letter) : [])] };
  }
  return {
    heading,
    rows: [
      ...lines.map((line) => ({
        text: line.text,
        note: noteOf(line, key, letter),
        url: baseUrl + line.path
      })),
      ...also
    ],
    more: counts.map((count) => ({
      label: `See ${count.total === 1 ? '' : 'all '}${inWords(count, letter)}`,
      url: baseUrl + count.path
    }))
  };
}

const pipelineRows = ({ about, pipeline }: DigestContent, letter: Letter): MailRow[] =>
  pipeline
    ? [{ text: pipelineInWords({ about }, pipeline, letter), url: letter.baseUrl + pipelinePath(pipeline) }]
    : [];

/** Where no lead moved. */
function pipelineAlone(content: DigestContent, letter: Letter): MailSection[] {
  const rows = pipelineRows(content, letter);
  if (rows.length === 0 || content.sections.some(({ key }) => key === 'moved')) return [];
  return [{ heading: 'Pipeline', rows }];
}

function promises({ promises: kept }: DigestContent, letter: Letter): MailSection[] {
  if (!kept || kept.whole.ended + kept.before.ended === 0) return [];
  const { whole, before, teams } = kept;
  const url = letter.baseUrl + promisesPath(kept);
  const row = (text: string, { ended, kept: met }: { ended: number; kept: number }): MailRow => ({
    text,
    note: `${rateInWords({ ended, kept: met }, letter)} of ${ended}, ${ended - met} late`
  });
  return [
    {
      heading: `${titleOf('promises', letter)}: ${rateInWords(whole, letter)}, the week before ${rateInWords(before, letter)}`,
      rows: teams.map((team) => row(team.team ?? '', team)),
      more: [{ label: 'See the report', url }]
    }
  ];
}
