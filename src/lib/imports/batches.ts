/** Rows of one statement: below the 65,535 parameters the protocol allows, and small enough to stop between two. */
const SIZE = 1_000;

export function* inBatches<T>(records: T[]): Generator<T[]> {
  for (let start = 0; start < records.length; start += SIZE) yield records.slice(start, start + SIZE);
}
