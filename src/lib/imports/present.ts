/** For what was just written or checked and therefore must be there. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A record that was just written is missing');
  return value;
}
