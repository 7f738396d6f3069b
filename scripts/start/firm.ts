import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLoopback, type Config } from '#lib/platform/config.ts';
import { Failure } from '../script.ts';
import { withConnection } from './connection.ts';

export interface DemoAccount {
  email: string;
  level: 0 | 1 | 2;
  title: string;
}

/** What to tell the person who started Rapport about who can sign in. */
export interface Firm {
  demo: { accounts: DemoAccount[]; password: string } | null;
  /** Only on the start that created him. */
  administrator: { email: string; password: string } | null;
}

const PUBLIC_PASSWORD = 'rapport-demo';

/** Fills an empty database as the configuration says, and recalls the demo accounts of an earlier start. */
export async function settleFirm(config: Config): Promise<Firm> {
  if (!(await isEmpty(config))) return { demo: await recalledDemo(config), administrator: null };
  return config.seed === 'demo'
    ? { demo: await newDemo(config), administrator: null }
    : { demo: null, administrator: await newAdministrator(config) };
}

function isEmpty(config: Config): Promise<boolean> {
  return withConnection(config.databaseSystemUrl, async (sql) => {
    const [row] = await sql`select exists (select from users) as found`;
    return !row?.found;
  });
}

async function newDemo(config: Config): Promise<Firm['demo']> {
  const password = isLoopback(config.host) ? PUBLIC_PASSWORD : randomPassword();
  const { seedDemo } = await import('../seed.ts');
  const { accounts } = await seedDemo({ password });
  writeFileSync(demoFile(config), JSON.stringify({ accounts, password }, null, 2), { mode: 0o600 });
  return { accounts, password };
}

async function newAdministrator(config: Config): Promise<Firm['administrator']> {
  const email = config.adminEmail;
  if (!email)
    throw new Failure('RAPPORT_ADMIN_EMAIL is needed: the database is empty and RAPPORT_SEED is none');
  const { createFirstAdministrator } = await import('../seed.ts');
  return { email, ...(await createFirstAdministrator(email)) };
}

async function recalledDemo(config: Config): Promise<Firm['demo']> {
  const file = demoFile(config);
  if (!existsSync(file)) return null;
  const demo = JSON.parse(readFileSync(file, 'utf8')) as NonNullable<Firm['demo']>;
  const emails = await stillThere(config, demo.accounts);
  const accounts = demo.accounts.filter((account) => emails.has(account.email));
  if (accounts.length === 0) {
    // The firm was replaced by an import.
    rmSync(file);
    return null;
  }
  if (demo.password !== PUBLIC_PASSWORD || isLoopback(config.host))
    return { accounts, password: demo.password };
  // The password everybody knows must not meet a network.
  const password = randomPassword();
  const { setDemoPassword } = await import('../seed.ts');
  await setDemoPassword({ emails: accounts.map((account) => account.email), password });
  writeFileSync(file, JSON.stringify({ accounts, password }, null, 2), { mode: 0o600 });
  return { accounts, password };
}

function stillThere(config: Config, accounts: DemoAccount[]): Promise<Set<string>> {
  const emails = accounts.map((account) => account.email);
  return withConnection(config.databaseSystemUrl, async (sql) => {
    const rows = await sql<{ email: string }[]>`select p.email from user_profiles p
      join users u on u.id = p.user_id where u.active and p.email in ${sql(emails)}`;
    return new Set(rows.map((row) => row.email));
  });
}

function demoFile(config: Config): string {
  return join(config.dataDir, 'demo.json');
}

function randomPassword(): string {
  return randomBytes(12).toString('base64url');
}
