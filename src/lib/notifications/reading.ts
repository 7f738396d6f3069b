import { invalidate } from '$app/navigation';
import type { Mutable } from './model.ts';

/** Marks these read on the way to what they are about; whoever leaves at once has read them all the same. */
export async function readQuietly(ids: number[]): Promise<void> {
  const { api } = await import('#lib/platform/trpc/client.ts');
  await api.notifications.markRead.mutate({ ids });
  await invalidate('app:frame');
}

/** Whoever looks at a record has read what he was told of it. */
export async function readAbout(about: { kind: Mutable; id: number }): Promise<void> {
  const { api } = await import('#lib/platform/trpc/client.ts');
  await api.notifications.markRead.mutate({ about });
  await invalidate('app:frame');
}
