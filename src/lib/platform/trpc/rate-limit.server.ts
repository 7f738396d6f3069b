import { TooManyAttempts } from '#lib/platform/errors.ts';

interface Bucket {
  tokens: number;
  filledAt: number;
}

interface Rate {
  /** Calls at once. */
  burst: number;
  perSecond: number;
}

/** Somebody at work on a fast machine stays far below; a program that runs away does not. */
const SIGNED_IN: Rate = { burst: 10_000, perSecond: 5_000 };
/** Per address, behind which a whole office may sit. */
const ANONYMOUS: Rate = { burst: 300, perSecond: 20 };

const MOST_BUCKETS = 10_000;

/** Token buckets in this process's memory; a full one is the same as none, so full ones are forgotten. */
export class RateLimiter {
  readonly #buckets = new Map<string, Bucket>();
  readonly #rate: Rate;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Counts one call; throws TooManyAttempts when there have been too many. */
  take(key: string, now = Date.now()): void {
    const bucket = this.#buckets.get(key) ?? { tokens: this.#rate.burst, filledAt: now };
    const earned = ((now - bucket.filledAt) / 1000) * this.#rate.perSecond;
    const tokens = Math.min(this.#rate.burst, bucket.tokens + earned);
    if (tokens < 1) throw new TooManyAttempts('Too many requests. Please slow down');
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: tokens - 1, filledAt: now });
    if (this.#buckets.size > MOST_BUCKETS) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const oldest = this.#buckets.keys().next();
    if (!oldest.done) this.#buckets.delete(oldest.value);
  }
}

const signedIn = new RateLimiter(SIGNED_IN);
const anonymous = new RateLimiter(ANONYMOUS);

/** Counts one procedure call, also inside a batch. */
export function countCall(key: string | null, isSignedIn: boolean): void {
  if (key !== null) (isSignedIn ? signedIn : anonymous).take(key);
}
