import { execFile, spawn } from 'node:child_process';
import { createWriteStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { environmentFor, useTestDatabase, type TestDatabase } from '../support/database.ts';
import { lookInto, runImport, stateOf } from '../support/sales-sample/running.ts';
import { SALES_SAMPLE, spoiledSample, temporaryFolder, withRows } from '../support/sales-sample/sample.ts';

let database: TestDatabase;
let sql: ReturnType<typeof lookInto>;

beforeAll(async () => {
  database = await useTestDatabase();
  sql = lookInto(database);
});

afterAll(async () => {
  await closeDatabase();
  await sql.end();
  await database.drop();
});

const environment = (more: NodeJS.ProcessEnv = {}) => ({
  ...process.env,
  ...environmentFor(database),
  ...more
});

describe('an import that does not come to its end', () => {
  it('leaves nothing behind when the database refuses a row near the end', async () => {
    await sql.unsafe(`create function refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$;
      create trigger refuse before insert on holdings for each row when (new.product_name = 'Grinder 9') execute function refuse()`);
    const before = await stateOf(sql);
    const rejects = join(temporaryFolder(), 'rejected.csv');
    const spoiled = spoiledSample({ 'sales_pipeline.csv': withRows('XX,nobody,,,,,,') });
    await expect(runImport(spoiled, { rejects })).rejects.toThrow();
    await sql.unsafe('drop trigger refuse on holdings; drop function refuse()');
    expect({ ...(await stateOf(sql)), lead: null }).toEqual({ ...before, lead: null });
    expect(existsSync(rejects) || existsSync(`${rejects}.part`)).toBe(false);
  });

  it('leaves nothing behind on Ctrl-C, and says so', async () => {
    const before = await stateOf(sql);
    const folder = temporaryFolder();
    const held = await sql.reserve();
    await held`begin`;
    await held`lock table leads in share mode`;
    const rejects = join(folder, 'rejected.csv');
    const child = spawn(
      process.execPath,
      ['scripts/import.ts', 'sales', SALES_SAMPLE, '--rejects', rejects],
      { env: environment() }
    );
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const ended = once(child, 'exit');
    while (!(await isWaitingForLeads())) await pause(20);
    child.kill('SIGINT');
    while (!said.includes('Stopping')) await pause(20);
    await held`rollback`;
    held.release();
    expect(await ended).toEqual([130, null]);
    expect(said).toContain('nothing was changed');
    expect({ ...(await stateOf(sql)), lead: null }).toEqual({ ...before, lead: null });
    expect(readdirSync(folder)).toEqual([]);
  });
});

async function isWaitingForLeads(): Promise<boolean> {
  const waiting = await sql`select from pg_locks where relation = 'leads'::regclass and not granted`;
  return waiting.length > 0;
}

describe('100,000 bad rows', () => {
  it('are counted and written, none lost, in little memory', async () => {
    const folder = spoiledSample();
    const pipeline = createWriteStream(join(folder, 'sales_pipeline.csv'), { flags: 'a' });
    const padding = 'x'.repeat(900);
    for (let row = 1; row <= 100_000; row += 1) {
      const line = `ZZ${row},nobody,KettleOne,Northbeam,Won,01-01-2023,02-01-2023,${padding}\r\n`;
      if (!pipeline.write(line)) await once(pipeline, 'drain');
    }
    pipeline.end();
    await once(pipeline, 'finish');
    const rejects = join(folder, 'rejected.csv');
    // Their text alone would not fit into this heap.
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--max-old-space-size=80', 'scripts/import.ts', 'sales', folder, '--rejects', rejects],
      { env: environment() }
    );
    expect(stdout).toContain(`100,000 rows were rejected: ${rejects}`);
    expect(stdout).toMatch(/leads +18 new/);
    const lines = readFileSync(rejects, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(100_001);
    expect(lines[100_000]).toMatch(/^sales_pipeline\.csv,100021,.*ZZ100000/);
  });
});
