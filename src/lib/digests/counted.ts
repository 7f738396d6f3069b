import type { CountKey, DigestCount } from './model.ts';

/** Rows that are read of a list: enough to name some however many are named in the sections above. */
export const READ = 50;

interface Found {
  total: number;
  totalIsEstimate: boolean;
}

/** What a list found, with the path of the list. */
export const count = (key: CountKey, { total, totalIsEstimate }: Found, path: string): DigestCount => ({
  key,
  total,
  path,
  ...(totalIsEstimate && { atLeast: true })
});

export const some = (counts: DigestCount[]) => counts.filter(({ total }) => total > 0);
