import { error, redirect } from '@sveltejs/kit';
import { NOTIFICATION_KIND_NAMES } from '#lib/notifications/kinds.ts';
import { isMutable, pageOf } from '#lib/notifications/model.ts';
import { numberIn, runAction } from '#lib/ui/form.server.ts';
import { queryOf } from '#lib/ui/query.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('app:notifications');
  const query = queryOf(url);
  const unread = query.text('show') === 'unread';
  const kind = query.oneOf('kind', NOTIFICATION_KIND_NAMES);
  const notifications = await locals.api.notifications.list({
    filter: { unread, kind },
    cursor: query.cursor
  });
  return { unread, kind, notifications };
};

function aboutIn(form: FormData) {
  const kind = form.get('kind');
  if (typeof kind !== 'string' || !isMutable(kind)) error(400, 'This form is not complete. Reload the page.');
  return { kind, id: numberIn(form, 'id') };
}

/** Back to the record where the form was on its page. */
function goBack(form: FormData, { kind, id }: ReturnType<typeof aboutIn>): void {
  if (form.get('back') === 'record')
    redirect(303, pageOf({ id, subjectKind: kind, subjectId: id }) ?? '/notifications');
}

export const actions: Actions = {
  read: (event) =>
    runAction(event, async (form) => {
      const ids = form.getAll('ids').map(Number).filter(Number.isSafeInteger);
      if (ids.length > 0) await event.locals.api.notifications.markRead({ ids });
    }),
  readAll: (event) =>
    runAction(event, async () => {
      await event.locals.api.notifications.markRead({});
    }),
  mute: (event) =>
    runAction(event, async (form) => {
      const about = aboutIn(form);
      await event.locals.api.notifications.mute(about);
      goBack(form, about);
    }),
  unmute: (event) =>
    runAction(event, async (form) => {
      const about = aboutIn(form);
      await event.locals.api.notifications.unmute(about);
      goBack(form, about);
    })
};
