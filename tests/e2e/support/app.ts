import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import postgres, { type Sql } from 'postgres';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { endOf, endWithUs, freePort } from '../../../scripts/processes.ts';
import { buildWhenChanged } from '../../../scripts/start/build.ts';
import { environmentFor, useTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startSmtp, type TestSmtp } from '../../support/smtp.ts';
import { until } from '../../support/until.ts';

/** Starting may have to wait for a machine that is busy with other tests. */
const STARTING_MS = 60_000;

export interface Running {
  child: ChildProcess;
  output: () => string;
}

export interface App {
  origin: string;
  database: TestDatabase;
  smtp: TestSmtp;
  /** A superuser's connection, which sees every row. */
  sql: Sql;
  /** One more web process on the same database, at an address of its own, which is returned. */
  startWeb: () => Promise<string>;
  /** A process of `workers/main.ts` that takes jobs; the name is that of its sessions in pg_stat_activity. */
  startWorker: (name: string) => Promise<Running>;
  stop: () => Promise<void>;
}

/**
 * The built application as it runs in production: a web process on a port of its own and as many worker processes as
 * asked for, on a database of their own and with a real mail server. This process works on the same database.
 */
export async function startApp(): Promise<App> {
  await buildWhenChanged();
  const [database, smtp, port] = await Promise.all([useTestDatabase(), startSmtp(), freePort()]);
  const origin = `http://127.0.0.1:${port}`;
  const sql = postgres(database.superuserUrl, { max: 4, onnotice: () => undefined });
  const env = {
    ...environmentFor(database),
    PORT: `${port}`,
    PUBLIC_URL: origin,
    SMTP_URL: smtp.url,
    LOG_LEVEL: 'info'
  };
  const running: Running[] = [];
  const run = (file: string, more: Record<string, string> = {}) => {
    const part = runNode(file, { ...env, ...more });
    running.push(part);
    return part;
  };
  const startWorker = async (name: string) => {
    const worker = run('workers/main.ts', {
      DATABASE_SYSTEM_URL: named(database.databaseSystemUrl, name),
      DATABASE_QUEUE_URL: named(database.databaseQueueUrl, name)
    });
    await said(worker, 'workers started');
    return worker;
  };
  const startWeb = async () => {
    const another = await freePort();
    const address = `http://127.0.0.1:${another}`;
    const part = run('scripts/web.ts', { PORT: `${another}`, PUBLIC_URL: address });
    await Promise.race([once(part.child, 'message'), failing(part)]);
    return address;
  };
  const stop = async () => {
    await Promise.all(running.map(stopProcess));
    await Promise.all([sql.end(), smtp.close(), closeDatabase()]);
    await database.drop();
  };
  const web = run('scripts/web.ts');
  await Promise.race([once(web.child, 'message'), failing(web)]).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { origin, database, smtp, sql, startWeb, startWorker, stop };
}

function runNode(file: string, env: Record<string, string>): Running {
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc']
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text: Buffer) => (output += text.toString()));
  const callOffGuard = endWithUs(child, 'TERM');
  void endOf(child).then(callOffGuard);
  return { child, output: () => output };
}

function named(url: string, name: string): string {
  return `${url}?application_name=${name}`;
}

async function said(part: Running, text: string): Promise<void> {
  await Promise.race([until(() => part.output().includes(text), STARTING_MS), failing(part)]);
}

async function failing({ child, output }: Running): Promise<never> {
  await endOf(child);
  throw new Error(`It ended too early:\n${output()}`);
}

async function stopProcess({ child }: Running): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = endOf(child);
  child.kill('SIGTERM');
  await ended;
}
