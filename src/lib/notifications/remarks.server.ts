import { and, eq, inArray, sql, type SQL } from 'drizzle-orm';
import { users } from '#lib/people/schema.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { notify } from './commands.server.ts';

type Remarkable = 'query' | 'request' | 'client';

interface Remark {
  subject: { kind: Remarkable; id: number };
  /** Of what was said, once for ever: `comment:7`. */
  key: string;
  title: string;
  body: string;
  /** Whom it concerns and why he hears of it; nobody hears twice, the first reason counts. */
  concerned: readonly { userIds: readonly (number | null)[]; reason: string }[];
  /** Who hears of it in another way. */
  except?: readonly number[];
}

const LONGEST = 300;

/** Tells colleagues what somebody said about a record, as far as they may see it now; never whoever said it. */
export async function tellRemark(tx: Tx, actor: Actor, remark: Remark): Promise<void> {
  const { subject, key, title, body, concerned, except = [] } = remark;
  const asked = new Set(concerned.flatMap(({ userIds }) => userIds).filter((id) => id !== null));
  const wanted = [...asked].filter((id) => id !== actor.userId && !except.includes(id));
  if (wanted.length === 0) return;
  const rest = new Set(await whoSee(tx, subject, wanted));
  for (const { userIds, reason } of concerned) {
    const told = userIds.filter((id) => id !== null).filter((id) => rest.delete(id));
    const telling = { key, subject, title, body: body.slice(0, LONGEST), reason };
    await notify(tx, { ...telling, kind: 'comment', userIds: told });
  }
}

const SEES: Record<Remarkable, (id: number) => SQL> = {
  query: (id) => sql`app.user_sees_query(${users.id}, ${id})`,
  request: (id) => sql`app.user_sees_request(${users.id}, ${id})`,
  client: (id) => sql`app.user_sees_client(${users.id}, ${id})`
};

async function whoSee(tx: Tx, { kind, id }: Remark['subject'], userIds: number[]): Promise<number[]> {
  const rows = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(inArray(users.id, userIds), eq(users.active, true), SEES[kind](id)));
  return rows.map((row) => row.id);
}
