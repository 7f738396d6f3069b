import { untrack } from 'svelte';

/**
 * The version that a form writes over: that of the record until something is typed into the form of that action, and
 * from then on what it was, however often the page is renewed. Otherwise somebody else's change would be overwritten
 * unseen, or take what was typed away.
 */
export function heldVersion(current: () => number, action: string) {
  let held = untrack(current);
  const version = $derived.by(() => {
    const now = current();
    if (!isTypedInto(action)) held = now;
    return held;
  });
  return {
    get version() {
      return version;
    }
  };
}

/** Is something typed into the form of that action, and not saved? */
export const isTypedInto = (action: string): boolean =>
  typeof document !== 'undefined' && document.querySelector(`form[data-dirty][action="${action}"]`) !== null;
