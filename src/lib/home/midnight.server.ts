import { sql, type SQL } from 'drizzle-orm';

/** When the firm's day begins that is so many days from today, worked out once a statement. */
export const midnight = (days: number): SQL => sql`(
  select ((now() at time zone f.time_zone)::date + ${days}::int)::timestamp at time zone f.time_zone from firm_settings f)`;
