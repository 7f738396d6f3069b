import { performance } from 'node:perf_hooks';

/** What was measured. Times in milliseconds, sizes in bytes. */
export interface Measured {
  perSecond: number;
  p50: number;
  p95: number;
  p99: number;
  calls: number;
  errors: number;
  firstError: string | null;
  /** The size of an answer, in the middle of some. */
  bytes: number;
}

interface Pace {
  connections: number;
  seconds: number;
  /** One call on a connection, the n-th there; returns the size of the answer. */
  call: (connection: number, n: number) => Promise<number>;
}

const WARM_UP = 0.3;

/** Every connection calls again as soon as it has its answer: a warm-up first, then for `seconds`. */
export async function drive({ connections, seconds, call }: Pace): Promise<Measured> {
  const began = performance.now();
  const from = began + seconds * 1000 * WARM_UP;
  const until = from + seconds * 1000;
  const times: number[] = [];
  const sizes: number[] = [];
  let errors = 0;
  let firstError: string | null = null;
  await Promise.all(
    Array.from({ length: connections }, async (_, connection) => {
      for (let n = 0; performance.now() < until; n++) {
        const start = performance.now();
        try {
          const bytes = await call(connection, n);
          const end = performance.now();
          if (start >= from && end <= until) times.push(end - start);
          if (sizes.length < 100) sizes.push(bytes);
        } catch (error) {
          errors++;
          firstError ??= error instanceof Error ? error.message : String(error);
          if (errors > 100) return;
        }
      }
    })
  );
  times.sort((a, b) => a - b);
  sizes.sort((a, b) => a - b);
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? NaN;
  return {
    perSecond: times.length / seconds,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    calls: times.length,
    errors,
    firstError,
    bytes: sizes[Math.floor(sizes.length / 2)] ?? 0
  };
}
