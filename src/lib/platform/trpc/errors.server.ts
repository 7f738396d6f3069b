import { TRPCError, type TRPC_ERROR_CODE_KEY } from '@trpc/server';
import { ZodError } from 'zod';
import { refusalAsDomainError, unwrapped } from '#lib/platform/db/failures.server.ts';
import { DomainError } from '#lib/platform/errors.ts';
import { log } from '#lib/platform/log.ts';

const CODES: Record<string, TRPC_ERROR_CODE_KEY> = {
  NOT_FOUND: 'NOT_FOUND',
  FORBIDDEN: 'FORBIDDEN',
  CONFLICT: 'CONFLICT',
  RULE_VIOLATION: 'UNPROCESSABLE_CONTENT',
  UNAUTHENTICATED: 'UNAUTHORIZED',
  TOO_MANY_ATTEMPTS: 'TOO_MANY_REQUESTS',
  UNAVAILABLE: 'SERVICE_UNAVAILABLE'
};

/** Where an error happened, for the log. */
export interface Occasion {
  requestId: string;
  path?: string;
  userId?: number;
}

/** What the person sees of an error nobody foresaw. */
export const maskedMessage = (requestId: string) => `Something went wrong (id ${requestId})`;

/**
 * The one map from errors to answers. What a person can do something about keeps its message; everything else is
 * logged under the request's id and answered with that id alone, for its message may hold what was being stored.
 */
export function toTrpcError(error: unknown, occasion: Occasion): TRPCError {
  if (error instanceof TRPCError && error.code !== 'INTERNAL_SERVER_ERROR') return foreseen(error);
  const cause = unwrapped(error instanceof TRPCError ? (error.cause ?? error) : error);
  const domain = cause instanceof DomainError ? cause : refusalAsDomainError(cause);
  if (!domain) return masked(cause, occasion);
  if (domain.code === 'UNAVAILABLE') log.warn({ ...occasion, err: domain }, 'unavailable');
  const code = CODES[domain.code] ?? 'BAD_REQUEST';
  return new TRPCError({ code, message: domain.message, cause: domain });
}

function foreseen(error: TRPCError): TRPCError {
  if (error.cause instanceof ZodError)
    return new TRPCError({ code: error.code, message: 'Please check what was entered', cause: error.cause });
  // A parser's message quotes what it could not read.
  if (error.code === 'PARSE_ERROR' || error.cause instanceof SyntaxError)
    return new TRPCError({ code: 'BAD_REQUEST', message: 'The request could not be read' });
  return error;
}

const maskedErrors = new WeakSet<TRPCError>();

function masked(error: unknown, occasion: Occasion): TRPCError {
  if (error instanceof TRPCError && maskedErrors.has(error)) return error;
  log.error({ ...occasion, err: error }, 'procedure failed');
  const answer = new TRPCError({ code: 'INTERNAL_SERVER_ERROR', message: maskedMessage(occasion.requestId) });
  maskedErrors.add(answer);
  return answer;
}

/** Zod's complaints by field (`contact.email`), without the values; the form's own under the empty name. */
export function fieldErrors(error: ZodError): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const issue of error.issues) {
    const name = issue.path.map(String).join('.');
    (fields[name] ??= []).push(issue.code === 'unrecognized_keys' ? 'Unknown field' : issue.message);
  }
  return fields;
}

/** What goes to the caller beside code and message. */
export function errorDetails(error: TRPCError): {
  fieldErrors?: Record<string, string[]>;
  details?: unknown;
} {
  if (error.cause instanceof ZodError) return { fieldErrors: fieldErrors(error.cause) };
  if (error.cause instanceof DomainError && error.cause.details !== undefined)
    return { details: error.cause.details };
  return {};
}
