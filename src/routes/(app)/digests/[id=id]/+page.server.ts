import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => ({
  digest: await locals.api.digests.byId({ id: Number(params.id) })
});
