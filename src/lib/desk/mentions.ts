/** A colleague a comment names. */
export interface Mention {
  userId: number;
  name: string;
  /** False where he may not see the record, so he was not told. */
  told: boolean;
}

/** One stretch of a comment: plain text, or a mention with its `@`. */
export interface Stretch {
  text: string;
  mention: boolean;
}

const isWordPart = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}_]/u.test(char);

/** The longest of the names that stands whole behind the `@` at this place. */
function nameAt(body: string, at: number, names: readonly string[]): string | undefined {
  if (body[at] !== '@' || isWordPart(body[at - 1])) return undefined;
  const rest = body.slice(at + 1);
  return names
    .filter((name) => rest.slice(0, name.length).toLowerCase() === name.toLowerCase())
    .filter((name) => !isWordPart(rest[name.length]))
    .sort((a, b) => b.length - a.length)[0];
}

/** The comment cut into plain text and mentions of these names. */
export function stretchesOf(body: string, names: readonly string[]): Stretch[] {
  const stretches: Stretch[] = [];
  let plain = '';
  for (let at = 0; at < body.length;) {
    const name = nameAt(body, at, names);
    const step = name === undefined ? 1 : name.length + 1;
    if (name === undefined) plain += body[at];
    else {
      if (plain) stretches.push({ text: plain, mention: false });
      stretches.push({ text: body.slice(at, at + step), mention: true });
      plain = '';
    }
    at += step;
  }
  if (plain) stretches.push({ text: plain, mention: false });
  return stretches;
}

/** Which of the people are named in the comment, in the order given. */
export function mentioned<Person extends { name: string }>(
  body: string,
  people: readonly Person[]
): Person[] {
  const named = new Set(
    stretchesOf(
      body,
      people.map(({ name }) => name)
    )
      .filter(({ mention }) => mention)
      .map(({ text }) => text.slice(1).toLowerCase())
  );
  return people.filter(({ name }) => named.has(name.toLowerCase()));
}

/** The half-typed name before the caret, from its `@` on; null where none is being typed. */
export function typedBefore(body: string, caret: number): { from: number; typed: string } | null {
  const before = body.slice(0, caret);
  const from = before.lastIndexOf('@');
  if (from === -1 || isWordPart(before[from - 1])) return null;
  const typed = before.slice(from + 1);
  // A name has a few words; after that it is a sentence.
  return /^[\p{L}\p{N}.'’-]*( [\p{L}\p{N}.'’-]*){0,2}$/u.test(typed) && typed.length <= 40
    ? { from, typed }
    : null;
}
