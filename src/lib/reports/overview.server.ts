import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { directoryOf } from './directory.server.ts';
import {
  coverageFacts,
  escalationFacts,
  promiseFacts,
  referralFacts,
  workFacts,
  type Facts
} from './facts.server.ts';
import type { Narrowing } from './model.ts';
import { periodOf } from './period.server.ts';
import { figure, share } from './report.server.ts';
import type { Headline } from './table.ts';

const OVERDUE = sql`count(*) filter (where f.late in ('day', 'week', 'longer'))::int`;

/** The figures that matter most of each report, for the last ninety days and as things stand now. */
export async function reportsOverview(tx: Tx) {
  const directory = await directoryOf(tx);
  const period = periodOf({}, directory.today);
  const { from, to } = period;
  const [promises, work, steps, reviews, leads] = await Promise.all([
    counted<'ended' | 'late'>(
      tx,
      promiseFacts(period, directory),
      sql`'ended', count(*), 'late', count(*) filter (where f.state = 'late')`
    ),
    counted<'open' | 'overdue'>(tx, workFacts(directory), sql`'open', count(*), 'overdue', ${OVERDUE}`),
    counted<'breaches' | 'steps'>(
      tx,
      escalationFacts(period, directory),
      sql`'breaches', count(*) filter (where f.state = 'breach'),
      'steps', count(*)`
    ),
    counted<'clients' | 'reviewed' | 'overdue'>(
      tx,
      coverageFacts(period, directory),
      sql`'clients', count(*), 'reviewed',
      count(*) filter (where f.reviewed), 'overdue', count(*) filter (where f.state = 'overdue')`
    ),
    counted<'leads' | 'converted'>(
      tx,
      referralFacts(period, directory),
      sql`'leads', count(*), 'converted',
      count(*) filter (where f.state = 'converted')`
    )
  ]);
  const rows = (of: Narrowing['of'], more: Partial<Narrowing> = {}): Narrowing => ({ of, from, to, ...more });
  const headlines: Record<'promises' | 'ageing' | 'escalations' | 'reviews' | 'referrals', Headline[]> = {
    promises: [
      {
        key: 'rate',
        label: 'Kept in time',
        unit: 'percent',
        ...figure(share(promises.ended - promises.late, promises.ended), rows('promises'), 'share')
      },
      {
        key: 'late',
        label: 'Late',
        unit: 'count',
        ...figure(promises.late, rows('promises', { outcome: 'late' }))
      }
    ],
    ageing: [
      { key: 'open', label: 'Open', unit: 'count', ...figure(work.open, { of: 'ageing' }) },
      {
        key: 'overdue',
        label: 'Overdue',
        unit: 'count',
        ...figure(work.overdue, { of: 'ageing', late: 'any' })
      }
    ],
    escalations: [
      {
        key: 'steps',
        label: 'Steps carried out',
        unit: 'count',
        ...figure(steps.steps, rows('escalations'))
      },
      {
        key: 'breaches',
        label: 'Breaches',
        unit: 'count',
        ...figure(steps.breaches, rows('escalations', { step: 'breach' }))
      }
    ],
    reviews: [
      {
        key: 'coverage',
        label: 'Coverage',
        unit: 'percent',
        ...figure(share(reviews.reviewed, reviews.clients), rows('reviews', { coverage: 'any' }), 'share')
      },
      {
        key: 'overdue',
        label: 'Overdue',
        unit: 'count',
        ...figure(reviews.overdue, rows('reviews', { coverage: 'overdue' }))
      }
    ],
    referrals: [
      { key: 'leads', label: 'Leads entered', unit: 'count', ...figure(leads.leads, rows('referrals')) },
      {
        key: 'converted',
        label: 'Converted',
        unit: 'count',
        ...figure(leads.converted, rows('referrals', { status: 'converted' }))
      }
    ]
  };
  return { period, headlines };
}

async function counted<Name extends string>(tx: Tx, facts: Facts, figures: ReturnType<typeof sql>) {
  const [row] = await tx.execute<{ row: Record<Name, number> }>(
    sql`select json_build_object(${figures}) as row from (${facts}) f`
  );
  if (!row) throw new Error('A count has no row');
  return row.row;
}
