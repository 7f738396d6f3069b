import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => ({
  notification: await locals.api.notifications.byId({ id: Number(params.id) })
});
