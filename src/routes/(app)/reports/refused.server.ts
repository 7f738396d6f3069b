import { isHttpError } from '@sveltejs/kit';

/** What is wrong with the period that was asked for; throws on what went wrong for another reason. */
export function refusedPeriod(thrown: unknown): string {
  const details = isHttpError(thrown) ? (thrown.body.details as { field?: string } | undefined) : undefined;
  if (!isHttpError(thrown) || details?.field !== 'period') throw thrown;
  return thrown.body.message;
}
