import { setTimeout as pause } from 'node:timers/promises';

type Truthy<T> = Exclude<T, false | 0 | '' | null | undefined>;

/** Waits until the condition gives something true, and returns that; fails after so many milliseconds. */
export async function until<T>(condition: () => T | Promise<T>, within = 10_000): Promise<Truthy<T>> {
  const deadline = Date.now() + within;
  for (;;) {
    const value = await condition();
    if (value) return value as Truthy<T>;
    if (Date.now() > deadline) throw new Error(`Still not so after ${within} ms`);
    await pause(50);
  }
}
