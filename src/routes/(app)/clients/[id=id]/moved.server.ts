import { redirect } from '@sveltejs/kit';
import type { Api } from '#lib/platform/trpc/caller.server.ts';

/** What is told of a client, all at once; of one that was merged into another, the other's page. */
export const orMoved = <T>(api: Api, id: number, told: Promise<T>): Promise<T> =>
  told.catch(async (problem: unknown) => {
    const kept = await api.clients.movedTo({ id });
    if (kept) redirect(308, `/clients/${kept.id}`);
    throw problem;
  });
