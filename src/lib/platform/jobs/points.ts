import { channel } from 'node:diagnostics_channel';

/**
 * The moments at which a crash would hurt most, in the order of the work. Between two of them something is done that
 * the other side of the crash must not lose and not repeat.
 */
export const POINTS = [
  'outbox claimed',
  'outbox handed over',
  'job begun',
  'job done',
  'job finished',
  'run announced',
  'run begun',
  'run recorded',
  'steps carried out',
  'steps committed',
  'people told',
  'telling committed',
  'report written',
  'report committed',
  'digest written',
  'digest committed',
  'mail queued',
  'mail claimed',
  'mail handed over',
  'mail accepted',
  'mail recorded',
  'clocks refreshed',
  'refresh committed',
  'clocks recomputed',
  'recompute committed'
] as const;

export type Point = (typeof POINTS)[number];

/** Where to subscribe with `node:diagnostics_channel`; a message is the name of the point. */
export const POINTS_CHANNEL = 'rapport:points';

const points = channel(POINTS_CHANNEL);

/** Says that the work came to this point. Subscribers run at once; without any it costs nothing. */
export function reach(point: Point): void {
  if (points.hasSubscribers) points.publish(point);
}
