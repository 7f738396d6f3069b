import { HANDOVER_PARTS } from '#lib/handover/model.ts';
import { runAction } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { api }, params, url }) => {
  const query = queryOf(url);
  const kept = query.flag('kept');
  const handover = await api.handover.byId({
    id: Number(params.id),
    part: query.oneOf('part', HANDOVER_PARTS),
    kept,
    cursor: query.cursor
  });
  return { handover, kept };
};

export const actions: Actions = {
  undo: (event) =>
    runAction(event, async () => {
      await event.locals.api.handover.undo({ id: Number(event.params.id) });
    })
};
