import { TRPCError, type AnyTRPCRouter, type TRPC_ERROR_CODE_KEY } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import { getConfig } from '#lib/platform/config.ts';
import { discardBody, readBody } from '#lib/platform/trpc/body.server.ts';
import type { Context } from '#lib/platform/trpc/context.server.ts';
import { isOwnOrigin } from '#lib/platform/trpc/origin.server.ts';
import { appRouter } from '#lib/platform/trpc/router.server.ts';

export const ENDPOINT = '/api/trpc';

/** The most procedures in one request, the longest body and the longest address. */
export const MOST_CALLS = 20;
export const MOST_BYTES = 1_000_000;
const LONGEST_URL = 8000;

class Refusal extends Error {
  readonly code: TRPC_ERROR_CODE_KEY;

  constructor(code: TRPC_ERROR_CODE_KEY, message: string) {
    super(message);
    this.code = code;
  }
}

/** An answer in tRPC's shape for requests that never reach it. */
function refusal({ code, message }: Refusal): Response {
  const httpStatus = getHTTPStatusCodeFromError(new TRPCError({ code }));
  const error = { message, code: TRPC_ERROR_CODES_BY_KEY[code], data: { code, httpStatus } };
  const headers = { 'cache-control': 'no-store' };
  return Response.json({ error: { json: error } }, { status: httpStatus, headers });
}

function checkAddress(request: Request, url: URL): void {
  if (request.method !== 'GET' && request.method !== 'POST') {
    throw new Refusal('METHOD_NOT_SUPPORTED', 'Use GET for queries and POST for mutations');
  }
  if (url.href.length > LONGEST_URL) throw new Refusal('BAD_REQUEST', 'The address is too long');
  if (url.pathname.split(/,|%2c/i).length > MOST_CALLS) {
    throw new Refusal('BAD_REQUEST', `At most ${MOST_CALLS} calls in one request`);
  }
}

async function checkedBody(request: Request, url: URL): Promise<string> {
  if (!isOwnOrigin(request, url, getConfig().publicUrl)) {
    throw new Refusal('FORBIDDEN', 'This request comes from another site');
  }
  const body = await readBody(request, MOST_BYTES);
  if (body === null) throw new Refusal('PAYLOAD_TOO_LARGE', 'The request is too large');
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (body !== '' && type !== 'application/json') {
    throw new Refusal('UNSUPPORTED_MEDIA_TYPE', 'The body must be application/json');
  }
  return body;
}

async function checked(request: Request): Promise<Request> {
  const url = new URL(request.url);
  checkAddress(request, url);
  if (request.method === 'GET') return request;
  const body = await checkedBody(request, url);
  const headers = { 'content-type': 'application/json' };
  return new Request(url, { method: 'POST', headers, body: body === '' ? undefined : body });
}

/** Answers a request to `/api/trpc`. What is out of bounds is refused before any procedure runs. */
export async function answerTrpc(
  request: Request,
  context: Context,
  router: AnyTRPCRouter = appRouter
): Promise<Response> {
  try {
    return await fetchRequestHandler({
      endpoint: ENDPOINT,
      req: await checked(request),
      router,
      createContext: () => context,
      maxBatchSize: MOST_CALLS,
      responseMeta: () => ({ headers: { 'cache-control': 'no-store' } })
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    void discardBody(request);
    return refusal(error);
  }
}
