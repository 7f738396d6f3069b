import { expect } from 'vitest';

/** What a schema says, which goes beside the field. */
export const said = (message: RegExp) =>
  expect.objectContaining({
    cause: expect.objectContaining({ message: expect.stringMatching(message) as string }) as Error
  }) as Error;

/** A rule that is told beside that field. */
export const atField = (field: string, message: RegExp) =>
  expect.objectContaining({
    cause: expect.objectContaining({
      message: expect.stringMatching(message) as string,
      details: { field }
    }) as Error
  }) as Error;

/** What was thrown, null where nothing was or it was no error of ours. */
export async function refusalOf(attempt: Promise<unknown>) {
  const error = await attempt.then(
    () => null,
    (thrown: unknown) => thrown
  );
  return error instanceof Error && 'code' in error ? { code: error.code, message: error.message } : null;
}
