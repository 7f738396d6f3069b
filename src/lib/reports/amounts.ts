/** Numeric strings with up to two decimals as hundredths, so that nothing is rounded. */
const hundredths = (amount: string): bigint => {
  const [whole = '0', part = ''] = amount.replace('-', '').split('.');
  const value = BigInt(whole) * 100n + BigInt(part.padEnd(2, '0').slice(0, 2));
  return amount.startsWith('-') ? -value : value;
};

const written = (value: bigint): string => {
  const size = value < 0n ? -value : value;
  return `${value < 0n ? '-' : ''}${size / 100n}.${String(size % 100n).padStart(2, '0')}`;
};

/** Sum of money as text. */
export const sumOf = (amounts: readonly string[]): string =>
  written(amounts.reduce((sum, amount) => sum + hundredths(amount), 0n));

/** What was added from `before` to `after`. */
export const differenceOf = (after: string, before: string): string =>
  written(hundredths(after) - hundredths(before));
