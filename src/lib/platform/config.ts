import { resolve } from 'node:path';
import { z } from 'zod';

/** A variable that is missing or wrong. The message is one line for the person who starts the program. */
export class ConfigError extends Error {}

/** What the environment says, before anything is started: a missing database means the embedded one. */
export interface Settings {
  host: string;
  /** 0 lets the system choose. */
  port: number;
  publicUrl: URL | null;
  /** Absolute. */
  dataDir: string;
  databaseUrl: string | null;
  databaseSystemUrl: string | null;
  databaseQueueUrl: string | null;
  databaseOwnerUrl: string | null;
  /** 32 bytes. */
  key: Buffer | null;
  redisUrl: string | null;
  smtpUrl: string | null;
  mailFrom: string;
  seed: 'demo' | 'none';
  adminEmail: string | null;
  /** The header in which a trusted proxy names the visitor's address. */
  addressHeader: string | null;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** How many database connections web requests of one process may hold at once. */
  poolSize: number;
}

/** What a running web or worker process needs: a database and a key are there. */
export interface Config extends Settings {
  databaseUrl: string;
  databaseSystemUrl: string;
  databaseQueueUrl: string;
  key: Buffer;
}

type Environment = Record<string, string | undefined>;

const databaseUrl = address('a postgres:// address', ['postgres:', 'postgresql:']);

const VARIABLES = {
  HOST: z.string().regex(/^[\w.:-]+$/, 'a host name or an address to listen on'),
  PORT: whole(0, 65_535),
  PUBLIC_URL: address('the http:// or https:// address people use, without a path', [
    'http:',
    'https:'
  ]).refine(
    (text) => new URL(text).pathname === '/',
    'the http:// or https:// address people use, without a path'
  ),
  RAPPORT_DATA: z.string(),
  DATABASE_URL: databaseUrl,
  DATABASE_SYSTEM_URL: databaseUrl,
  DATABASE_QUEUE_URL: databaseUrl,
  DATABASE_OWNER_URL: databaseUrl,
  RAPPORT_KEY: z
    .string()
    .refine((text) => keyFrom(text).length === 32, '32 bytes, as 64 hex digits or base64'),
  REDIS_URL: address('a redis:// or rediss:// address', ['redis:', 'rediss:']),
  SMTP_URL: address('an smtp:// or smtps:// address', ['smtp:', 'smtps:']),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*[^\s@<]+@[^\s@>]+>?$/, 'a sender, like Rapport <rapport@example.com>'),
  RAPPORT_SEED: z.enum(['demo', 'none'], 'demo or none'),
  RAPPORT_ADMIN_EMAIL: z.email('an e-mail address'),
  ADDRESS_HEADER: z.string().regex(/^[a-zA-Z0-9-]+$/, 'the name of a header'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent'], 'debug, info, warn, error or silent'),
  RAPPORT_POOL_SIZE: whole(2, 100)
} as const;

type Name = keyof typeof VARIABLES;
type Values = { [N in Name]?: z.output<(typeof VARIABLES)[N]> };

/** The names of all variables that Rapport reads. */
export const VARIABLE_NAMES = Object.keys(VARIABLES) as Name[];

/** Reads and checks every variable; an empty one counts as not set. Throws a ConfigError. */
export function loadSettings(env: Environment): Settings {
  const values = checked(env);
  const database = values.DATABASE_URL ?? null;
  if (database && !values.RAPPORT_KEY) {
    throw new ConfigError(
      'RAPPORT_KEY is needed with DATABASE_URL: 64 hex digits, as `openssl rand -hex 32` prints'
    );
  }
  return {
    host: values.HOST ?? '127.0.0.1',
    port: values.PORT ?? 3000,
    publicUrl: values.PUBLIC_URL ? new URL(values.PUBLIC_URL) : null,
    dataDir: resolve(values.RAPPORT_DATA ?? '.rapport'),
    databaseUrl: database,
    databaseSystemUrl: values.DATABASE_SYSTEM_URL ?? asUser(database, 'rapport_system'),
    databaseQueueUrl: values.DATABASE_QUEUE_URL ?? asUser(database, 'rapport_queue'),
    databaseOwnerUrl: values.DATABASE_OWNER_URL ?? null,
    key: values.RAPPORT_KEY ? keyFrom(values.RAPPORT_KEY) : null,
    redisUrl: values.REDIS_URL ?? null,
    smtpUrl: values.SMTP_URL ?? null,
    mailFrom: values.MAIL_FROM ?? 'Rapport <rapport@localhost>',
    seed: values.RAPPORT_SEED ?? 'demo',
    adminEmail: values.RAPPORT_ADMIN_EMAIL ?? null,
    addressHeader: values.ADDRESS_HEADER ?? null,
    logLevel: values.LOG_LEVEL ?? 'info',
    poolSize: values.RAPPORT_POOL_SIZE ?? 10
  };
}

/** The configuration of a process that works on a database. Throws a ConfigError when there is none. */
export function loadConfig(env: Environment): Config {
  const settings = loadSettings(env);
  const { databaseUrl, databaseSystemUrl, databaseQueueUrl, key } = settings;
  if (!databaseUrl || !databaseSystemUrl || !databaseQueueUrl || !key) {
    throw new ConfigError(
      'DATABASE_URL is not set: give the address of a database, or use `npm start`, which brings one'
    );
  }
  return { ...settings, databaseUrl, databaseSystemUrl, databaseQueueUrl, key };
}

let current: Config | undefined;

/** The configuration of this process, read once. */
export function getConfig(): Config {
  return (current ??= loadConfig(process.env));
}

/** Where people reach Rapport, without a slash at the end: for links in mail and for what is printed. */
export function siteAddress({
  publicUrl,
  host,
  port
}: Pick<Settings, 'publicUrl' | 'host' | 'port'>): string {
  if (publicUrl) return publicUrl.origin;
  const onlyHere = isLoopback(host) || host === '0.0.0.0' || host === '::';
  const name = host.includes(':') ? `[${host}]` : host;
  return `http://${onlyHere ? 'localhost' : name}:${port}`;
}

/** Whether nobody but this computer can reach the host we listen on. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** The log's level, known before anything else is; a wrong one is reported by whoever loads the configuration. */
export function logLevel(): Settings['logLevel'] {
  return VARIABLES.LOG_LEVEL.safeParse(process.env.LOG_LEVEL?.trim()).data ?? 'info';
}

/** The address of this process's configuration. */
export function baseUrl(): string {
  return siteAddress(getConfig());
}

function checked(env: Environment): Values {
  const values: Record<string, unknown> = {};
  for (const name of VARIABLE_NAMES) {
    const text = env[name]?.trim();
    if (!text) continue;
    const result = VARIABLES[name].safeParse(text);
    // The value is not repeated: it may hold a password.
    if (!result.success)
      throw new ConfigError(`${name} must be ${result.error.issues[0]?.message ?? 'valid'}`);
    values[name] = result.data;
  }
  return values;
}

function whole(least: number, most: number) {
  const message = `a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,6}$/, message)
    .transform(Number)
    .refine((n) => n >= least && n <= most, message);
}

function address(message: string, protocols: string[]) {
  return z
    .string()
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), message);
}

function keyFrom(text: string): Buffer {
  return /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
}

function asUser(url: string | null, username: string): string | null {
  return url && Object.assign(new URL(url), { username }).href;
}
