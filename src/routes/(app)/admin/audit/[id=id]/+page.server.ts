import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => ({
  entry: await locals.api.admin.audit.byId({ id: Number(params.id) })
});
