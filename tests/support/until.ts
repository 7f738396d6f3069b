import { setTimeout as pause } from 'node:timers/promises';

/** Waits until the condition gives something true, and returns that; fails after so many milliseconds. */
export async function until<T>(condition: () => T | Promise<T>, within = 10_000): Promise<T> {
  const deadline = Date.now() + within;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`Still not so after ${within} ms`);
    await pause(50);
  }
}
