import { Temporal } from 'temporal-polyfill';

/** A stretch of time during which a zone keeps one offset: local = utc + offset (milliseconds). */
export interface OffsetPeriod {
  from: number;
  to: number;
  offset: number;
}

/** A time zone as constant-offset periods, found through Temporal once and remembered. */
export interface Zone {
  name: string;
  /** The period that holds this moment (epoch milliseconds). */
  periodAt(moment: number): OffsetPeriod;
}

const zones = new Map<string, Zone>();

/** Throws RangeError for a zone the tz database does not know. */
export function zoneNamed(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const zone = openZone(name);
  zones.set(name, zone);
  return zone;
}

function openZone(name: string): Zone {
  let latest = readPeriod(name, Date.now());
  const periods = [latest];

  return {
    name,
    periodAt(moment) {
      if (holds(latest, moment)) return latest;
      let found = periods.find((period) => holds(period, moment));
      if (!found) periods.push((found = readPeriod(name, moment)));
      return (latest = found);
    }
  };
}

function holds(period: OffsetPeriod, moment: number): boolean {
  return moment >= period.from && moment < period.to;
}

function readPeriod(name: string, moment: number): OffsetPeriod {
  const at = Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(name);
  // 'previous' is strictly before, and a change at this very moment begins our period.
  const began = at.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
  const ends = at.getTimeZoneTransition('next');
  return {
    from: began ? began.epochMilliseconds : -Infinity,
    to: ends ? ends.epochMilliseconds : Infinity,
    offset: at.offsetNanoseconds / 1_000_000
  };
}
