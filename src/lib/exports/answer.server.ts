import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Exported } from './model.ts';
import { fetchSpooled } from './spool.server.ts';

/** The file as a download. */
export function csvAnswer(actor: Actor | null, { id, name, bytes }: Exported): Response {
  return new Response(fetchSpooled(id, actor?.userId ?? 0), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-length': String(bytes),
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'private, no-store'
    }
  });
}
