import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Api } from '#lib/platform/trpc/caller.server.ts';
import type { Context } from '#lib/platform/trpc/context.server.ts';

declare global {
  namespace App {
    interface Locals {
      /** The procedures, called under the identity of whoever sent the request. */
      api: Api;
      actor: Actor | null;
      context: Context;
    }

    interface Error {
      message: string;
      /** The tRPC code, such as NOT_FOUND. */
      code?: string;
      /** What to quote when asking for help; the log has it too. */
      id?: string;
      /** Complaints by the field's name. */
      fieldErrors?: Record<string, string[]>;
      /** For a conflict `{ current }`: the row as it is now. */
      details?: unknown;
    }
  }
}
