import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildWhenChanged } from '../../scripts/start/build.ts';
import { createTestDatabase, environmentFor } from '../support/database.ts';
import { processesWith, refusal, runRapport, type RunningRapport } from '../support/rapport.ts';
import { until } from '../support/until.ts';

const TEN_SECONDS = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'rapport-start-'));
let running: RunningRapport | undefined;
let firstStart: RunningRapport;

const environment = (name: string, more: Record<string, string> = {}) => ({
  PORT: '0',
  RAPPORT_DATA: join(folder, name),
  ...more
});

async function start(name: string, more?: Record<string, string>): Promise<RunningRapport> {
  return (running = await runRapport({ env: environment(name, more) }));
}

/** How long the steps of a start took that it printed. */
const seconds = ({ output }: RunningRapport) =>
  [...output().matchAll(/ … (\d+\.\d) s$/gm)].reduce((sum, [, taken]) => sum + Number(taken), 0);

async function signIn({ address, emails, password }: RunningRapport): Promise<string> {
  const answer = await fetch(`${address}/api/trpc/auth.login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ json: { email: emails[0], password } })
  });
  expect(answer.status, await answer.text()).toBe(200);
  return (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
}

beforeAll(() => buildWhenChanged());
afterEach(async () => {
  await running?.interrupt();
  running = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('npm start', () => {
  it('says where Rapport is and who can sign in, and nobody else', async () => {
    const rapport = (firstStart = await start('first'));
    expect(rapport.address).toMatch(/^http:\/\/localhost:\d+$/);
    expect(rapport.password).toBe('rapport-demo');
    expect(rapport.output().match(/level [012]/g)?.length).toBe(rapport.emails.length);
    expect(new Set(rapport.output().match(/\S+@\S+/g))).toEqual(new Set(rapport.emails));
    expect((await fetch(`${rapport.address}/readyz`)).status).toBe(200);
  });

  it('is quick the second time, and keeps the data', async () => {
    const before = await start('first');
    const cookie = await signIn(before);
    await before.interrupt();
    const after = await start('first');
    // Both have to share the machine with whatever else runs on it.
    expect(seconds(after)).toBeLessThan(seconds(firstStart) / 2);
    expect(after.output()).not.toContain('Building');
    expect([after.emails, after.password]).toEqual([before.emails, before.password]);
    const me = await fetch(`${after.address}/api/trpc/auth.me`, { headers: { cookie } });
    expect(me.status).toBe(200);
  });

  it('makes the password of the demo firm a random one where a network can reach it', async () => {
    const rapport = await start('first', { HOST: '0.0.0.0' });
    expect(rapport.password).not.toBe('rapport-demo');
    await signIn(rapport);
  });

  it('ends within ten seconds on Ctrl-C, live streams included, and leaves no process behind', async () => {
    const rapport = await start('streams');
    const cookie = await signIn(rapport);
    const stream = await fetch(`${rapport.address}/api/live`, { headers: { cookie } });
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    const streamEnd = stream.body?.pipeTo(new WritableStream());
    const since = Date.now();
    expect(await rapport.interrupt()).toBe(0);
    expect(Date.now() - since).toBeLessThan(TEN_SECONDS);
    await streamEnd;
    expect(processesWith(join(folder, 'streams'))).toEqual([]);
  });

  it('leaves no process behind when it is killed, and starts again', async () => {
    const rapport = await start('killed');
    const supervisor = processesWith(join(folder, 'killed')).find(({ command }) =>
      command.includes('start.ts')
    );
    process.kill(supervisor?.pid ?? 0, 'SIGKILL');
    await rapport.ended;
    await until(() => processesWith(join(folder, 'killed')).length === 0, TEN_SECONDS);
    await start('killed');
  });

  it('ends when npm alone is told to', async () => {
    const rapport = await runRapport({ env: environment('killed'), throughNpm: true });
    rapport.process.kill('SIGTERM');
    await rapport.ended;
    await until(() => processesWith(join(folder, 'killed')).length === 0, TEN_SECONDS);
  });

  it('starts a web process again that was killed', async () => {
    const rapport = await start('killed');
    const web = () =>
      processesWith(join(folder, 'killed')).find(({ command }) => command.includes('scripts/web.ts'))?.pid;
    const first = web() ?? 0;
    process.kill(first, 'SIGKILL');
    await until(() => (web() ?? first) !== first);
    await until(async () => (await fetch(`${rapport.address}/readyz`).catch(() => null))?.ok);
  });

  it('creates the first administrator of an empty firm', async () => {
    const rapport = await start('empty', { RAPPORT_SEED: 'none', RAPPORT_ADMIN_EMAIL: 'asha@example.com' });
    expect(rapport.output()).toMatch(/asha@example\.com/);
    expect(rapport.output()).toMatch(/^one-time password: \S+$/m);
  });
});

describe('npm start refuses in one line', () => {
  async function expectRefusal(
    env: Record<string, string>,
    message: string | RegExp,
    nodeOptions?: string[]
  ) {
    const { code, lines } = await refusal({ env, nodeOptions });
    expect(lines.at(-1)).toMatch(message);
    expect(lines.filter((line) => !/ … (\d+\.\d s)?$/.test(line))).toHaveLength(1);
    expect(code).toBe(1);
  }

  it('a port that is taken', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    await expectRefusal(environment('port', { PORT: String(port) }), `Port ${port} is taken`);
    server.close();
  });

  it('a bad variable', () =>
    expectRefusal(environment('bad', { REDIS_URL: 'nonsense' }), 'REDIS_URL must be'));

  it('a database it cannot reach', () => {
    const DATABASE_URL = 'postgres://rapport_app:secret@127.0.0.1:1/rapport';
    const env = environment('none', { DATABASE_URL, RAPPORT_KEY: 'ab'.repeat(32) });
    return expectRefusal(env, /^The database at 127\.0\.0\.1:1\/rapport cannot be reached/);
  });

  it('a password that the database does not take', async () => {
    const database = await createTestDatabase();
    const wrong = Object.assign(new URL(database.databaseUrl), { password: 'wrong' }).href;
    const env = environment('none', { ...environmentFor(database), DATABASE_URL: wrong });
    await expectRefusal(env, /does not let rapport_app in/);
    await database.drop();
  });

  it('a key that is not the database’s', async () => {
    await (await start('key')).interrupt();
    await expectRefusal(environment('key', { RAPPORT_KEY: 'cd'.repeat(32) }), /RAPPORT_KEY is not the key/);
  });

  it('a second start on the same data', async () => {
    await start('twice');
    await expectRefusal(environment('twice'), /^Rapport is already running on .*twice/);
  });

  it('a Node that is too old', () => {
    const pretend = `data:text/javascript,Object.defineProperty(process,'version',{value:'v18.20.8'})`;
    return expectRefusal({}, 'Rapport needs Node 20 or newer; this is Node 18.20.8', ['--import', pretend]);
  });
});
