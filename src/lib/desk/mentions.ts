/** A colleague a comment names. */
export interface Mention {
  userId: number;
  name: string;
  /** False where he may not see the record, so he was not told. */
  told: boolean;
  /** What stands for his name: a first name, or that of his address; left out where his whole name does. */
  typed?: string;
}

/** What stands behind the `@` of a mention, for `stretchesOf`. */
export const typedNames = (mentions: readonly Mention[]): string[] =>
  mentions.map(({ name, typed }) => typed ?? name);

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

/** A word behind an `@` that is none of the names. */
interface Word {
  text: string;
  /** A word that begins like a name follows, so this may be the first half of another name. */
  mayGoOn: boolean;
}

/** The words behind an `@` outside the mentions of these names, each once, as they were first written. */
export function unnamed(body: string, names: readonly string[]): Word[] {
  const stretches = stretchesOf(body, names);
  const words = stretches.flatMap(({ text, mention }, n) => {
    const before = stretches[n - 1]?.text.at(-1) ?? '';
    return mention ? [] : wordsIn(before + text);
  });
  const once = new Map<string, Word>();
  for (const word of words) {
    const key = word.text.toLowerCase();
    const same = once.get(key);
    once.set(key, { ...(same ?? word), mayGoOn: word.mayGoOn || (same?.mayGoOn ?? false) });
  }
  return [...once.values()];
}

const WORD = /(?<![\p{L}\p{N}_])@([\p{L}\p{N}](?:[\p{L}\p{M}\p{N}.'’_-]*[\p{L}\p{M}\p{N}])?)( \p{Lu})?/gu;

const wordsIn = (text: string): Word[] =>
  [...text.matchAll(WORD)].map(([, word = '', next]) => ({ text: word, mayGoOn: next !== undefined }));

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
