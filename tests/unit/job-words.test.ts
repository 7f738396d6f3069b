import { expect, test } from 'vitest';
import { jobTitle } from '#lib/admin/job-words.ts';
import { SCHEDULE_NAMES, TIMETABLE } from '#lib/admin/timetable.ts';
import { handlers } from '../../workers/composition.ts';

test('every job that is worked off has words of its own', () => {
  const names = handlers.map(({ job }) => job.name).filter((name) => name !== 'schedules.run');
  const titles = names.map((name) => jobTitle(name, {}));
  expect(names.length).toBeGreaterThan(4);
  expect(titles.filter((title) => title.includes('does not know'))).toEqual([]);
  expect(new Set(titles).size).toBe(names.length);
});

test('a run is called what its schedule is called', () => {
  for (const schedule of SCHEDULE_NAMES)
    expect(jobTitle('schedules.run', { schedule })).toBe(TIMETABLE[schedule].title);
});

test('a job of another version is named as it was declared', () => {
  expect(jobTitle('orders.ship', {})).toContain('orders.ship');
  expect(jobTitle('schedules.run', { schedule: 'toString' })).toContain('does not know');
  expect(jobTitle('toString', {})).toContain('does not know');
});
