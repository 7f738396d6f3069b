import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../../scripts/embedded-postgres.ts';
import { SALES_SAMPLE, temporaryFolder } from '../support/sales-sample/sample.ts';

interface Outcome {
  code: number;
  said: string;
  complained: string;
}

function run(args: string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  const inherited = { PATH: process.env.PATH, HOME: process.env.HOME };
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      ['scripts/import.ts', ...args],
      { env: { ...inherited, ...env } },
      (_, said, complained) => done({ code: child.exitCode ?? -1, said, complained })
    );
  });
}

describe('the import command', () => {
  it('answers wrong arguments with the usage line and touches nothing', async () => {
    const dataDir = temporaryFolder();
    const { code, said, complained } = await run(['sales'], { RAPPORT_DATA: dataDir });
    expect({ code, said }).toEqual({ code: 1, said: '' });
    expect(complained).toMatch(/^Usage: npm run import -- sales FOLDER.*\n$/);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('says in one line that a database cannot be reached', async () => {
    const { code, complained } = await run(['sales', SALES_SAMPLE], {
      DATABASE_URL: 'postgres://rapport_app:x@127.0.0.1:9/rapport',
      RAPPORT_KEY: '0f'.repeat(32)
    });
    expect(code).toBe(1);
    expect(complained).toMatch(/^The database at 127\.0\.0\.1:9\/rapport cannot be reached.*\n$/);
  });

  it('starts the embedded database for the while, or uses the one that runs already', async () => {
    const dataDir = temporaryFolder();
    const invitations = join(temporaryFolder(), 'invitations.csv');
    const env = { RAPPORT_DATA: dataDir, PUBLIC_URL: 'https://crm.example' };
    const first = await run(['sales', SALES_SAMPLE, '--invitations', invitations, '--currency', 'EUR'], env);
    expect(first).toMatchObject({ code: 0, complained: '' });
    expect(first.said).toMatch(/leads +18 new, 0 unchanged/);
    expect(statSync(invitations).mode & 0o777).toBe(0o600);
    const links = readFileSync(invitations, 'utf8').trimEnd().split('\n');
    expect(links).toHaveLength(12);
    expect(links[1]).toMatch(/^Administrator,administrator@sales\.example,https:\/\/crm\.example\/invite\//);
    const server = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres') });
    const second = await run(['sales', SALES_SAMPLE], env);
    await server.stop();
    expect(second).toMatchObject({ code: 0, complained: '' });
    expect(second.said).toMatch(/leads +0 new, 18 unchanged/);
  });
});
