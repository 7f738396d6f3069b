/** A form as it was sent, by name. */
export type Typed = Record<string, string | string[]>;

/**
 * What was typed, by name, to show it again: the last value of each name, or all of them where several boxes of one
 * name were ticked. An empty one may stand in the form for when nothing is chosen.
 */
export function typedValues(form: FormData, keep: (name: string) => boolean): Typed {
  const typed: Typed = {};
  for (const name of new Set(form.keys())) {
    if (!keep(name)) continue;
    const texts = form.getAll(name).filter((value) => typeof value === 'string');
    const ticked = texts.filter((text) => text !== '');
    const last = texts.at(-1);
    if (last !== undefined) typed[name] = ticked.length > 1 ? ticked : last;
  }
  return typed;
}
