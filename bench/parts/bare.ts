import { actorOf } from '#lib/platform/auth/actor.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { getConfig } from '#lib/platform/config.ts';
import { Client } from '#lib/platform/db/client.server.ts';
import { createLeasePool, type LeasePool } from '#lib/platform/db/leases.server.ts';
import { transact } from '#lib/platform/db/transactions.server.ts';
import { inputFor, type Visitor } from '../visitors.ts';
import { CALLS } from './calls.ts';
import { drive } from './pace.ts';
import { answerTasks, nextUnique, type Task } from './task.ts';

interface Sent {
  text: string;
  parameters: unknown[];
}

/** One visitor's connection and the statements that his calls send. */
interface Line {
  client: Client;
  calls: Sent[][];
}

const RECORDED = 40;
const PREPARED = { prepare: true, simple: false };
/** What the policies' functions keep for a transaction; a bare connection keeps it for good. */
const KEPT = ['people', 'headed', 'teams', 'principals', 'level'].map((name) => `app.kept_${name}`);

// The statements alone: recorded once, then sent prepared over the driver on a connection that is the person for good.
answerTasks(async (task) => {
  const pool = createLeasePool({ url: getConfig().databaseUrl, size: 1, name: 'bench' });
  const lines: Line[] = [];
  try {
    for (let n = 0; n < task.connections; n++) lines.push(await openLine(task, pool, n));
    return await drive({ ...task, call: (connection, n) => replay(lines[connection], n) });
  } finally {
    await pool.stop(100);
    await Promise.all(lines.map(({ client }) => client.end()));
  }
});

async function replay(line: Line | undefined, n: number): Promise<number> {
  if (!line) throw new Error('Nobody is there');
  const statements = line.calls[n % line.calls.length] ?? [];
  await Promise.all(
    statements.map(({ text, parameters }) => line.client.sql.unsafe(text, parameters as never[], PREPARED))
  );
  return 0;
}

async function openLine(task: Task, pool: LeasePool, n: number): Promise<Line> {
  const visitor = task.visitors[n % task.visitors.length];
  if (!visitor) throw new Error('Nobody is there');
  const actor = await actorOf(visitor.userId);
  const calls: Sent[][] = [];
  for (let i = 0; i < RECORDED; i++) calls.push(await recorded(task, pool, actor, visitor, i));
  const settings = { role: roleOf(actor), 'app.user_id': actor.userId, ...(await keptFor(pool, actor)) };
  return { client: new Client({ url: getConfig().databaseUrl, name: 'bench', settings }), calls };
}

const roleOf = (actor: Actor) => (actor.seesAll ? 'rapport_all' : 'rapport_scoped');
const beginAs = (actor: Actor) =>
  `begin; set local role ${roleOf(actor)}; select set_config('app.user_id', '${actor.userId}', true)`;

class Undo extends Error {}

async function recorded(
  task: Task,
  pool: LeasePool,
  actor: Actor,
  visitor: Visitor,
  n: number
): Promise<Sent[]> {
  const sent: Sent[] = [];
  const listening: LeasePool = { ...pool, lease: () => listen(pool, sent), stop: () => Promise.resolve() };
  const input = inputFor(task, visitor, n, nextUnique());
  await transact(listening, beginAs(actor), async (tx) => {
    await CALLS[task.area]?.(tx, actor, input);
    throw new Undo();
  }).catch((error: unknown) => {
    if (!(error instanceof Undo)) throw error;
  });
  // The parts of a new client name the row that was just made, and cannot be sent again.
  return sent.filter(({ text }) => !text.startsWith('insert into "client_'));
}

async function listen(pool: LeasePool, sent: Sent[]) {
  const lease = await pool.lease();
  const unsafe = lease.sql.unsafe.bind(lease.sql);
  lease.sql.unsafe = (text, parameters = []) => {
    sent.push({ text, parameters });
    return unsafe(text, parameters);
  };
  return lease;
}

function keptFor(pool: LeasePool, actor: Actor): Promise<Record<string, string>> {
  return transact(pool, beginAs(actor), async (tx) => {
    await tx.execute('select app.principals(), app.headed_team_ids(), app.is_head()');
    const kept: Record<string, string> = {};
    for (const name of KEPT) {
      const [row] = await tx.execute<{ value: string | null }>(
        `select current_setting('${name}', true) as value`
      );
      if (row?.value) kept[name] = row.value;
    }
    return kept;
  });
}
