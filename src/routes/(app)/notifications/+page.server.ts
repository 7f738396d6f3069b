import { numberIn, runAction } from '#lib/ui/form.server.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('app:notifications');
  const unread = url.searchParams.get('show') === 'unread';
  const cursor = url.searchParams.get('cursor') ?? undefined;
  return { unread, notifications: await locals.api.notifications.list({ filter: { unread }, cursor }) };
};

export const actions: Actions = {
  read: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.notifications.markRead({ ids: [numberIn(form, 'id')] });
    }),
  readAll: (event) =>
    runAction(event, async () => {
      await event.locals.api.notifications.markRead({});
    })
};
