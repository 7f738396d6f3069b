import { page } from '$app/state';
import { viewerZone } from '#lib/ui/viewer.svelte.ts';
import type { Writing } from './words.ts';

/** How the digest on the page is written for its viewer. Call it where a derived can see it. */
export function writing(): Writing {
  const { firm } = page.data as { firm: Omit<Writing, 'timeZone'> };
  return { ...firm, timeZone: viewerZone() };
}
