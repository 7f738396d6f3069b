import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({ teams: await locals.api.teams.list({}) });
