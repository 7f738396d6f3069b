import { createCaller } from '#lib/platform/trpc/caller.server.ts';
import { validateSession } from '#lib/platform/auth/sessions.server.ts';
import { newRequestId, type Context } from '#lib/platform/trpc/context.server.ts';

let visitors = 0;

/** An address nobody else in the test came from. */
export const newAddress = () => `192.0.2.${++visitors}`;

/** A browser without the browser: it keeps the cookie and calls procedures with the session behind it. */
export class Visitor {
  cookie: string | null = null;
  address: string;

  constructor(address = newAddress()) {
    this.address = address;
  }

  async context(): Promise<Context> {
    const found = this.cookie ? await validateSession(this.cookie) : null;
    return {
      requestId: newRequestId(),
      actor: found?.actor ?? null,
      session: found?.session ?? null,
      address: this.address,
      userAgent: 'test',
      cookie: { set: (id) => (this.cookie = id), clear: () => (this.cookie = null) },
      rateKey: null
    };
  }

  async api() {
    return createCaller(await this.context());
  }

  async signIn(email: string, password: string): Promise<void> {
    await (await this.api()).auth.login({ email, password });
  }

  async isSignedIn(): Promise<boolean> {
    return (await this.context()).session !== null;
  }
}
