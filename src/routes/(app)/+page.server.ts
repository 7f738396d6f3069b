import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({ today: await locals.api.home.today() });
