import { globSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { observeStatements } from '#lib/platform/db/lease.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';

const ROOT = 'src/routes/(app)';

export type Load = (event: never) => Promise<unknown>;

/** A visit of a page. */
export interface Visit {
  /** Its folder under `(app)`, `.` for the home page. */
  folder: string;
  id?: number;
  /** The rest of its address. */
  search?: string | undefined;
  /** Instead of its own load, where that cannot be had without components. */
  load?: Load | undefined;
}

/** Every page that reads something, as the route tree has them. */
export const pageFolders = (): string[] =>
  globSync('**/+page.server.ts', { cwd: ROOT })
    .map((file) => relative('.', dirname(file)) || '.')
    .sort();

/**
 * What the first request of a page sends to the database, the frame around the page included, without begin (with the
 * identity) and commit; and what the load threw, if it did: a page that is not open to the actor refuses.
 */
export async function statementsOf(
  { folder, id, search = '', load }: Visit,
  actor: Actor
): Promise<{ sent: string[]; refusal: unknown }> {
  const [layout, own] = await Promise.all([
    loadOf(`../../${ROOT}/+layout.server.ts`),
    load ?? loadOf(`../../${ROOT}/${folder}/+page.server.ts`)
  ]);
  const event = {
    locals: { api: callerFor(actor), actor },
    url: new URL(`http://localhost/${folder}?${search}`),
    params: { id: String(id ?? '') },
    cookies: { get: () => undefined },
    depends: () => undefined,
    parent: () => layout(event as never),
    untrack: <T>(work: () => T) => work(),
    isDataRequest: false
  };
  const texts: string[] = [];
  let refusal: unknown = null;
  await observeStatements(
    (text) => texts.push(text),
    async () => {
      // A load may refuse before it returns a promise.
      const [, page] = await Promise.allSettled([
        layout(event as never),
        (async () => own(event as never))()
      ]);
      if (page.status === 'rejected') refusal = page.reason;
    }
  );
  return { sent: texts.filter((text) => !/^(begin|commit|rollback)\b/.test(text)), refusal };
}

async function loadOf(path: string): Promise<Load> {
  const module = (await import(/* @vite-ignore */ path)) as { load: Load };
  return module.load;
}
