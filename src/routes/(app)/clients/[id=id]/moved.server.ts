import { redirect } from '@sveltejs/kit';
import type { Api } from '#lib/platform/trpc/caller.server.ts';

/** The client's record; of one that was merged into another, the other's page. */
export const recordOrMoved = (api: Api, id: number) =>
  api.clients.byId({ id }).catch(async (problem: unknown) => {
    const kept = await api.clients.movedTo({ id });
    if (kept) redirect(308, `/clients/${kept.id}`);
    throw problem;
  });
