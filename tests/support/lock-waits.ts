import { superuser } from './test-firm.ts';
import { until } from './until.ts';

/** Until so many sessions of the test's database wait for a lock, or what is under way is done. Needs `useTestFirm`. */
export async function waitsOrIsDone(underWay: Promise<unknown>, many = 1): Promise<void> {
  let done = false;
  void underWay.then(
    () => (done = true),
    () => (done = true)
  );
  await until(
    async () =>
      done ||
      (
        await superuser`select 1 from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`
      ).length >= many
  );
}
