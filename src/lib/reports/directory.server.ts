import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { ReportRow } from './table.ts';

interface Named {
  id: number;
  name: string;
}

interface Colleague extends Named {
  active: boolean;
}

/** What reports name, and the firm's day: read once a report. */
export interface Directory {
  /** The firm's today, `YYYY-MM-DD`. */
  today: string;
  timeZone: string;
  currency: string;
  teams: Named[];
  /** Those who have left too: their work stays theirs in the figures. */
  people: Colleague[];
  requestTypes: Named[];
}

export async function directoryOf(tx: Tx): Promise<Directory> {
  const [row] = await tx.execute<{ directory: Directory }>(sql`
    select json_build_object(
      'today', (now() at time zone f.time_zone)::date, 'timeZone', f.time_zone, 'currency', f.currency,
      'teams', (select coalesce(json_agg(json_build_object('id', t.id, 'name', t.name) order by t.name), '[]') from teams t),
      'people', (select coalesce(json_agg(json_build_object('id', u.id, 'name', u.name, 'active', u.active)
        order by u.active desc, u.name), '[]') from users u),
      'requestTypes', (select coalesce(json_agg(json_build_object('id', y.id, 'name', y.name) order by y.position, y.name), '[]')
        from request_types y)
    ) as directory from firm_settings f`);
  if (!row) throw new Error('The firm has no settings: the database was not set up');
  return row.directory;
}

type About = Pick<ReportRow, 'key' | 'label' | 'none' | 'former'>;

/** How a row about a team is headed; null is work that is with none. */
export function teamRow({ teams }: Directory, id: number | null): About {
  const label = teams.find((team) => team.id === id)?.name ?? null;
  return { key: `team ${id}`, label, none: 'No team' };
}

/** How a row about a person is headed; null is work that nobody has. */
export function personRow({ people }: Directory, id: number | null): About {
  const person = people.find((one) => one.id === id);
  return {
    key: `person ${id}`,
    label: person?.name ?? null,
    none: 'Nobody yet',
    former: person && !person.active
  };
}

export const requestTypeName = ({ requestTypes }: Directory, id: number | null): string | undefined =>
  requestTypes.find((type) => type.id === id)?.name;
