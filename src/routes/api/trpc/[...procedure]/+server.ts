import { answerTrpc } from '#lib/platform/trpc/endpoint.server.ts';
import type { RequestHandler } from './$types';

export const fallback: RequestHandler = ({ request, locals }) => answerTrpc(request, locals.context);
