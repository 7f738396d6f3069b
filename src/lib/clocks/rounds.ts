import type { ClockState, TargetName } from './model.ts';

/** Of the clocks of a record, newest round first: the latest of each target that was not void. Contact begins anew all the time. */
export function latestRounds<Clock extends { target: TargetName; state: ClockState }>(
  clocks: Clock[]
): Clock[] {
  const shown = clocks.filter(({ state }) => state !== 'cancelled');
  return shown.filter((clock, index) => shown.findIndex(({ target }) => target === clock.target) === index);
}
