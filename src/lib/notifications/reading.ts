import { invalidate } from '$app/navigation';
import { navigating } from '$app/state';
import type { Mutable } from './model.ts';

/** Fetches these anew. Not on the way to another page: renewing calls off a navigation that is under way. */
export async function renew(...what: string[]): Promise<void> {
  while (navigating.complete) await navigating.complete.catch(() => undefined);
  await Promise.all(what.map((each) => invalidate(each)));
}

/** Marks these read on the way to what they are about; whoever leaves at once has read them all the same. */
export async function readQuietly(ids: number[]): Promise<void> {
  const { api } = await import('#lib/platform/trpc/client.ts');
  await api.notifications.markRead.mutate({ ids });
  await renew('app:frame');
}

/** Whoever looks at a record has read what he was told of it. */
export async function readAbout(about: { kind: Mutable; id: number }): Promise<void> {
  const { api } = await import('#lib/platform/trpc/client.ts');
  await api.notifications.markRead.mutate({ about });
  await renew('app:frame');
}
