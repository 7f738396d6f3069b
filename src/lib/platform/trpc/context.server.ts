import type { Actor } from '#lib/platform/auth/permissions.ts';

/** The session a request came with. */
export interface CurrentSession {
  /** The raw id out of the cookie; never stored, never sent back. */
  id: string;
  /** SHA-256 of the id: the session's name in lists. */
  hash: string;
  expiresAt: Date;
  /** The password is a one-time one: nothing else is allowed before it is changed. */
  mustChangePassword: boolean;
}

export interface SessionCookie {
  set(id: string, expiresAt: Date): void;
  clear(): void;
}

/** What every procedure knows of the request it serves. */
export interface Context {
  /** Shown with an internal error and written to the log. */
  requestId: string;
  actor: Actor | null;
  session: CurrentSession | null;
  /** The visitor's address as far as it can be trusted. */
  address: string;
  userAgent: string | null;
  cookie: SessionCookie;
  /** What calls are counted by; null for callers that are not limited (workers, tests of the domain). */
  rateKey: string | null;
}

export const newRequestId = () => crypto.randomUUID();
