interface Hold {
  kind: 'acknowledged' | 'snoozed';
  /** What was promised, in lower case: `contact`. */
  what: string;
  /** It ends a hold. */
  over: boolean;
}

/** What somebody did with a promise that ran, after the name: `took up its contact`. */
export function heldTitle({ kind, what, over }: Hold): string {
  if (over) return `ended the hold on its ${what}`;
  return kind === 'acknowledged' ? `took up its ${what}` : `let its ${what} wait`;
}

/** What the parts of a hold are called in a history. */
export const HELD_LABELS = { reason: 'Reason', until: 'Nobody is told before' } as const;
