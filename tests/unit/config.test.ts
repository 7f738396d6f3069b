import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig, loadSettings, VARIABLE_NAMES } from '#lib/platform/config.ts';
import { LOG_OPTIONS } from '#lib/platform/log.ts';

const KEY = 'ab'.repeat(32);
const DATABASE_URL = 'postgres://rapport_app:s3cret@db.example.com:5433/rapport';

describe('the configuration', () => {
  it('needs no variable at all', () => {
    const settings = loadSettings({});
    expect(settings).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      databaseUrl: null,
      key: null,
      seed: 'demo'
    });
  });

  it('treats an empty variable as one that is not set', () => {
    expect(loadSettings({ PORT: '', REDIS_URL: '  ' })).toMatchObject({ port: 3000, redisUrl: null });
  });

  it('reaches an outside database under the other roles too', () => {
    const config = loadConfig({ DATABASE_URL, RAPPORT_KEY: KEY });
    expect(config.databaseSystemUrl).toBe('postgres://rapport_system:s3cret@db.example.com:5433/rapport');
    expect(config.databaseQueueUrl).toBe('postgres://rapport_queue:s3cret@db.example.com:5433/rapport');
    expect(config.key).toEqual(Buffer.alloc(32, 0xab));
  });

  it('takes a key in base64', () => {
    expect(loadSettings({ RAPPORT_KEY: Buffer.alloc(32, 7).toString('base64') }).key).toEqual(
      Buffer.alloc(32, 7)
    );
  });

  it.each([
    [{ PORT: '70000' }, 'PORT must be a whole number from 0 to 65535'],
    [{ PORT: 'http' }, 'PORT must be'],
    [{ PUBLIC_URL: 'ftp://crm' }, 'PUBLIC_URL must be'],
    [{ PUBLIC_URL: 'https://crm.example.com/app' }, 'PUBLIC_URL must be'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL must be a postgres:// address'],
    [{ DATABASE_URL }, 'RAPPORT_KEY is needed with DATABASE_URL'],
    [{ RAPPORT_KEY: 'short' }, 'RAPPORT_KEY must be 32 bytes'],
    [{ REDIS_URL: 'localhost' }, 'REDIS_URL must be'],
    [{ SMTP_URL: 'mail.example.com' }, 'SMTP_URL must be'],
    [{ RAPPORT_SEED: 'yes' }, 'RAPPORT_SEED must be demo or none'],
    [{ RAPPORT_ADMIN_EMAIL: 'somebody' }, 'RAPPORT_ADMIN_EMAIL must be an e-mail address'],
    [{ ADDRESS_HEADER: 'X Real' }, 'ADDRESS_HEADER must be'],
    [{ MAIL_FROM: 'nobody' }, 'MAIL_FROM must be'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be']
  ])('refuses %j in one line', (env, message) => {
    const load = () => loadSettings(env);
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(message);
    expect(load).not.toThrow(/\n/);
  });

  it('never repeats a value that may hold a password', () => {
    expect(() => loadSettings({ DATABASE_URL: 'my-s3cret' })).not.toThrow(/s3cret/);
  });

  it('refuses to run a process without a database', () => {
    expect(() => loadConfig({})).toThrow('DATABASE_URL is not set');
  });

  it('is explained variable by variable in .env.example', () => {
    const explained = [...readFileSync('.env.example', 'utf8').matchAll(/^([A-Z_]+)=/gm)].map(
      ([, name]) => name
    );
    expect(explained.toSorted()).toEqual(VARIABLE_NAMES.toSorted());
  });
});

describe('the log', () => {
  function written(fields: object): string {
    const stream = new PassThrough();
    pino({ ...LOG_OPTIONS, level: 'info' }, stream).info(fields, 'Something happened');
    return String(stream.read());
  }

  it('hides secrets wherever they stand', () => {
    const line = written({
      password: 'hunter2',
      request: { headers: { cookie: 'hunter2' } },
      user: { token: 'hunter2' }
    });
    expect(line).not.toContain('hunter2');
  });

  it('shows neither the parameters nor the details of a database error', () => {
    const cause = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (pan)=(ABCPK1234F)'
    });
    const error = new Error('Failed query: insert into x\nparams: ABCPK1234F,hunter2', { cause });
    const line = written({ err: error });
    expect(line).not.toMatch(/hunter2|ABCPK1234F/);
    expect(line).toContain('insert into x');
    expect(line).toContain('23505');
  });

  it('shows no value that PostgreSQL quotes', () => {
    const error = Object.assign(new Error('invalid input syntax: "hunter2"'), {
      severity: 'ERROR',
      code: '22P02'
    });
    expect(written({ err: error })).not.toContain('hunter2');
  });

  it('shows no PAN in whatever text it stands', () => {
    expect(written({ note: 'asked about ABCPK1234F today' })).not.toContain('ABCPK1234F');
  });
});
