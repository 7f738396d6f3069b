import { afterEach, vi } from 'vitest';

/** At the top of a file whose tests let time pass: each begins at the real time. */
export function usePassingTime(): void {
  afterEach(() => vi.useRealTimers());
}

/** From now on it is so many milliseconds later in this process; the database does not know. */
export function passTime(ms: number): void {
  const now = Date.now() + ms;
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(now);
}
