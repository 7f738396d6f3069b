import { page } from '$app/state';
import type { Effect } from './effect.ts';
import { isTypedInto } from './held-version.svelte.ts';

interface Answer {
  action?: string;
  /** What it would do, where that is asked about first. */
  effect?: Effect;
  agreed?: string;
  values?: Record<string, unknown>;
  current?: Record<string, unknown>;
}

/**
 * What the form of that action was answered last. A page that is renewed forgets it, and pages of what is recomputed
 * renew themselves; here it stays until the form is saved or answered anew.
 */
export function heldAnswer(action: () => string) {
  let held: Answer | null = null;
  const answer = $derived.by(() => {
    const now = page.form as Answer | null;
    if (now?.action === action()) held = now;
    else if (!isTypedInto(action())) held = null;
    return held;
  });
  return {
    get answer() {
      return answer;
    }
  };
}
