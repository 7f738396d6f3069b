import { describe, expect, it } from 'vitest';
import { mentioned, stretchesOf, typedBefore } from '#lib/desk/mentions.ts';

const people = [
  { name: 'Kavya Nair' },
  { name: 'Kavya Nair Rao' },
  { name: 'José Núñez' },
  { name: 'O’Neil' }
];
const names = people.map(({ name }) => name);
const found = (body: string) => mentioned(body, people).map(({ name }) => name);

describe('mentions in a comment', () => {
  it('are whole names behind an @, in any case', () => {
    expect(found('@kavya nair, please')).toEqual(['Kavya Nair']);
    expect(found('(@José Núñez)')).toEqual(['José Núñez']);
    expect(found('@O’Neil’s list')).toEqual(['O’Neil']);
    expect(found('@Kavya Nairs')).toEqual([]);
    expect(found('mail@Kavya Nair')).toEqual([]);
    expect(found('@@Kavya Nair')).toEqual(['Kavya Nair']);
  });

  it('are the longest name that stands there', () => {
    expect(found('@Kavya Nair Rao')).toEqual(['Kavya Nair Rao']);
    expect(found('@Kavya Nair Rao and @Kavya Nair')).toEqual(['Kavya Nair', 'Kavya Nair Rao']);
  });

  it('cut the text into stretches that make up the whole again', () => {
    const body = 'Hi @Kavya Nair 👋, <b>@nobody</b> ‮and @O’Neil';
    const stretches = stretchesOf(body, names);
    expect(stretches.map(({ text }) => text).join('')).toBe(body);
    expect(stretches.filter(({ mention }) => mention).map(({ text }) => text)).toEqual([
      '@Kavya Nair',
      '@O’Neil'
    ]);
    expect(stretchesOf('', names)).toEqual([]);
  });

  it('are looked for from the @ before the caret, while it may be a name', () => {
    expect(typedBefore('Ask @kav', 8)).toEqual({ from: 4, typed: 'kav' });
    expect(typedBefore('Ask @', 5)).toEqual({ from: 4, typed: '' });
    expect(typedBefore('Ask @Kavya Nair', 15)).toEqual({ from: 4, typed: 'Kavya Nair' });
    expect(typedBefore('a@b', 3)).toBeNull();
    expect(typedBefore('@Kavya Nair should call him back', 32)).toBeNull();
    expect(typedBefore('@Kavya\nnext', 11)).toBeNull();
    expect(typedBefore('nothing', 7)).toBeNull();
  });
});
