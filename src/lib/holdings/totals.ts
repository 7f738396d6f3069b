interface Held {
  status: string;
  amount: string | null;
  currency: string;
  value: string | null;
  valueCurrency: string | null;
}

export interface Sum {
  currency: string;
  /** Exact text with two decimals; null where nothing of the currency says it. */
  invested: string | null;
  value: string | null;
}

/** What active holdings sum up to, by currency: exact, and never across currencies. */
export function totalsOf(holdings: readonly Held[]): Sum[] {
  const active = holdings.filter(({ status }) => status === 'active');
  const currencies = active.flatMap(({ currency, valueCurrency, value }) =>
    value && valueCurrency ? [currency, valueCurrency] : [currency]
  );
  return [...new Set(currencies)]
    .sort()
    .map((currency) => ({
      currency,
      invested: sumOf(active.filter((one) => one.currency === currency).map(({ amount }) => amount)),
      value: sumOf(active.filter((one) => one.valueCurrency === currency).map(({ value }) => value))
    }))
    .filter(({ invested, value }) => invested !== null || value !== null);
}

function sumOf(amounts: (string | null)[]): string | null {
  const given = amounts.filter((amount) => amount !== null);
  if (given.length === 0) return null;
  const sum = given.map(hundredths).reduce((one, other) => one + other, 0n);
  return `${sum / 100n}.${String(sum % 100n).padStart(2, '0')}`;
}

/** Money of the database: zero or more, with two decimals at most. */
function hundredths(amount: string): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0').slice(0, 2));
}
