import { RUN_STATES, scheduleNameIn } from '#lib/admin/model.ts';
import { queryOf } from '#lib/ui/query.ts';

/** What the address of the page asks for of the history of runs. */
export function wantedIn(url: URL) {
  const query = queryOf(url);
  const filter = {
    schedule: scheduleNameIn(query.text('schedule')),
    state: query.oneOf('state', RUN_STATES),
    from: query.day('from')
  };
  return { filter, every: query.flag('every') };
}
