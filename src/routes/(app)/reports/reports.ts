import type { ReportName } from '#lib/reports/names.ts';

/** What a report's filter bar offers beside the period, team and person. */
type Offer = 'period' | 'kind' | 'requestType' | 'target' | 'step' | 'source';

interface About {
  title: string;
  description: string;
  offers: readonly Offer[];
  /** Whom its person filter is about. */
  person: string;
  empty: string;
}

/** The reports that share one page, in the order of the tabs. */
export const ABOUT: Record<ReportName, About> = {
  promises: {
    title: 'Promises',
    description: 'What ended in the period, kept in time or late, and whose time it took.',
    offers: ['period', 'kind', 'requestType', 'target'],
    person: 'Person',
    empty: 'No promise ended in this period'
  },
  ageing: {
    title: 'Open work',
    description:
      'All queries, requests and leads that you may see and are open now: how old they are, and when they were due.',
    offers: ['kind', 'requestType'],
    person: 'Person',
    empty: 'Nothing is open'
  },
  escalations: {
    title: 'Escalations',
    description: 'Warnings, breaches and escalations that were carried out in the period.',
    offers: ['period', 'kind', 'requestType', 'step'],
    person: 'Person',
    empty: 'Nothing was escalated in this period'
  },
  reviews: {
    title: 'Portfolio reviews',
    description: 'Reviews that were due in the period and what became of them, and how clients stand now.',
    offers: ['period'],
    person: 'RM',
    empty: 'There are no clients to review yet'
  },
  referrals: {
    title: 'Referrals',
    description:
      'All leads that you may see, entered in the period: who gave them, through whom, and what came of them. Values are in the firm’s currency.',
    offers: ['period', 'source'],
    person: 'Obtained by',
    empty: 'No lead was entered in this period'
  }
};

/** Every report with its address. */
export const REPORT_LINKS: readonly { label: string; href: string }[] = [
  { label: 'Overview', href: '/reports' },
  { label: ABOUT.promises.title, href: '/reports/promises' },
  { label: ABOUT.ageing.title, href: '/reports/ageing' },
  { label: ABOUT.escalations.title, href: '/reports/escalations' },
  { label: 'Pipeline', href: '/reports/pipeline' },
  { label: ABOUT.referrals.title, href: '/reports/referrals' },
  { label: ABOUT.reviews.title, href: '/reports/reviews' }
];
