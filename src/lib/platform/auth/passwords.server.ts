import { hash, verify } from '@node-rs/argon2';
import { Unavailable } from '#lib/platform/errors.ts';

/** Argon2id (the library's default kind) with the least that is recommended: 19 MiB, two passes. */
export const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The hash of a random text nobody knows, made with the settings above. */
export const DUMMY_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$sabevMjBbn2+tz1Fz5sWhg$HwUQYyqBDQ/W1LbMh6i6uowYyjpEXfsgNS6IKy9PyqQ';

const AT_ONCE = 2;
const MOST_WAITING = 100;

let running = 0;
const waiting: (() => void)[] = [];

/** Each hash takes 19 MiB and a core: few run at a time, and a flood of sign-ins is turned away. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (waiting.length >= MOST_WAITING)
    throw new Unavailable('Too many people are signing in. Please try again');
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, ARGON2));
}

/** Does the password belong to the hash? Without a hash the same work is done and the answer is no. */
export async function passwordMatches(stored: string | null, password: string): Promise<boolean> {
  const matches = await inTurn(() => verify(stored ?? DUMMY_HASH, password));
  return stored !== null && matches;
}
