import { error, redirect } from '@sveltejs/kit';
import { HANDOVER_PARTS } from '#lib/handover/model.ts';
import { runAction } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';
import { planOf } from './plan.ts';

export const load: PageServerLoad = async ({ locals: { api, actor }, url }) => {
  if (!actor?.grants['clients.handover']) error(403, 'You may not hand over books.');
  const { fromId, ...plan } = planOf(url);
  const query = queryOf(url);
  const colleagues = await api.people.options({ mine: true });
  const ready = fromId !== undefined && plan.toIds.length > 0 && plan.parts.length > 0;
  const dryRun =
    ready && !plan.toIds.includes(fromId)
      ? await api.handover.preview({
          ...plan,
          fromId,
          part: query.oneOf('part', HANDOVER_PARTS),
          skip: query.id('skip')
        })
      : null;
  return { plan: { fromId, ...plan }, colleagues, dryRun };
};

export const actions: Actions = {
  default: (event) =>
    runAction(event, async (form) => {
      const { fromId, ...plan } = planOf(event.url);
      const token = form.get('token');
      const note = form.get('note');
      if (fromId === undefined || typeof token !== 'string')
        error(400, 'This form is not complete. Reload the page.');
      const done = await event.locals.api.handover.carryOut({
        ...plan,
        fromId,
        token,
        note: typeof note === 'string' && note !== '' ? note : undefined
      });
      redirect(303, `/handovers/${done.id}`);
    })
};
