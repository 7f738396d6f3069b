import { DrizzleQueryError } from 'drizzle-orm';
import postgres from 'postgres';
import { BadValue, Conflict, DomainError, Forbidden, NotFound, Unavailable } from '#lib/platform/errors.ts';

const LOST = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  '57P01',
  '57P02',
  '57P03',
  '53300'
]);

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** The error the server answered a statement with, wherever it is wrapped. */
export function databaseError(error: unknown): postgres.PostgresError | null {
  if (error instanceof postgres.PostgresError) return error;
  return error instanceof Error && error.cause !== undefined ? databaseError(error.cause) : null;
}

/** Did the server refuse the statement and keep the connection? */
export function isRefusal(error: unknown): boolean {
  return error instanceof postgres.PostgresError && error.severity === 'ERROR' && !LOST.has(error.code);
}

/** A lost or refused connection becomes Unavailable; everything else stays what it is. */
export function asUnavailable(error: unknown): Error {
  if (error instanceof DomainError) return error;
  const code = codeOf(error);
  return LOST.has(code) || code.startsWith('08')
    ? new Unavailable('The database is not available right now. Please try again', error)
    : error instanceof Error
      ? error
      : new Error(String(error));
}

/** Drizzle wraps whatever a statement fails with; what we threw ourselves comes out again. */
export function unwrapped(error: unknown): unknown {
  return error instanceof DrizzleQueryError && error.cause instanceof DomainError ? error.cause : error;
}

/**
 * What a refused statement means to the person. Foreign keys and unique keys can tell that a hidden row exists,
 * so the first is "not found" and the second says nothing of the other row.
 */
export function refusalAsDomainError(error: unknown): DomainError | null {
  const refused = databaseError(error);
  // What somebody may do ends at the rows he sees: work cannot be given to those whose work he would not see.
  if (refused?.code === '42501' && /row-level security/.test(refused.message))
    return new Forbidden('This would be out of your reach afterwards');
  switch (refused?.code) {
    case '23503':
      return new NotFound();
    case '23505':
      return new Conflict('Something with these values exists already');
    case '40001':
    case '40P01':
    case '55P03':
      return new Conflict('Somebody else is changing this right now. Please try again');
    // What passed the schemas and Postgres still cannot hold: a NUL in a text, a day that no calendar has.
    case '22003':
    case '22007':
    case '22008':
    case '22009':
    case '22021':
    case '22P05':
      return new BadValue();
    case '57014':
      return new Unavailable('This took too long and was stopped');
    default:
      return null;
  }
}

/**
 * For commands that know a constraint by name: throws `replacement` when the error is a violation of it, and
 * otherwise the error itself.
 */
export function onConstraint(error: unknown, name: string, replacement: DomainError): never {
  throw databaseError(error)?.constraint_name === name ? replacement : error;
}
