import { page } from '$app/state';
import { wordsOf } from './words.ts';

interface Firm {
  clientWord: 'client' | 'customer';
  promiseWord: 'TAT' | 'SLA';
}

/** The firm's words on the page that is shown. Call it where a derived can see it. */
export function firmWords() {
  const { firm } = page.data as { firm?: Firm };
  return { ...wordsOf(firm ?? { clientWord: 'client' }), promise: firm?.promiseWord ?? 'TAT' };
}
