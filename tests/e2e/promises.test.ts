import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { clocksDue } from '#lib/clocks/jobs.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { enqueue } from '#lib/platform/jobs/outbox.server.ts';
import { seedDemo } from '../../scripts/seed.ts';
import { chromiumPath } from '../support/chromium.ts';
import { letStretchLast, promiseTwoHours } from './support/ageing.ts';
import { startApp, type App } from './support/app.ts';
import { openBrowser, type People } from './support/browser.ts';
import { pathOf, told, visit } from './support/forms.ts';
import { askForBankChange, atDesk, complete, tickBankChange, waitFor } from './support/office.ts';

const PASSWORD = 'a firm that keeps its word';
const TYPE = 'Bank change';

let app: App;
let people: People;
/** The ops executive who has the request, the head of his team, an administrator, and the client's RM. */
let imran: Page;
let farah: Page;
let meera: Page;
let kavya: Page;
let request = '';
let id = 0;
let number = '';

/** Real time passes too: each stretch is set just before it ends. */
const lasts = (minutes: number) => letStretchLast(app.sql, id, minutes);

describe.skipIf(!chromiumPath())('a promise that is broken', () => {
  beforeAll(async () => {
    app = await startApp();
    await seedDemo({ password: PASSWORD });
    await promiseTwoHours(app.sql, TYPE);
    // Other people's work would be told of in the same messages.
    await app.sql`delete from clocks`;
    await app.startWorker('ladder');
    people = await openBrowser(app.origin);
    imran = await atDesk(people, 'Imran Sheikh', PASSWORD);
    farah = await atDesk(people, 'Farah Khan', PASSWORD);
    meera = await atDesk(people, 'Meera Iyer', PASSWORD);
    kavya = await atDesk(people, 'Kavya Nair', PASSWORD);
  });

  afterAll(async () => {
    await people?.close();
    await app?.stop();
  });

  afterEach(() => people.assertNoProblems());

  test('is made when the request is opened, and its panel says when it is due', async () => {
    const [client] = await app.sql<{ id: string }[]>`
      select c.id from clients c join users u on u.id = c.primary_rm_id
      where u.name = 'Kavya Nair' and c.lifecycle = 'active' order by c.id limit 1`;
    await visit(kavya, `/clients/${client?.id}`);
    await askForBankChange(kavya, 'A new account for the payouts.');
    request = pathOf(kavya);
    id = Number(request.split('/').at(-1));
    const [opened] = await app.sql<
      { number: string }[]
    >`select number from service_requests where id = ${id}`;
    number = opened?.number ?? '';
    await visit(imran, request);
    await imran.getByRole('button', { name: 'Start' }).click();
    await told(imran, 'The request is yours');
    await imran.getByText(/of 2 h of working time used/).waitFor();
  });

  test('stands still while it waits for the client', async () => {
    await lasts(30);
    await waitFor(imran, 'Waiting on the client', 'The cancelled cheque is missing');
    await imran.getByText('Stands still: waiting for the client').waitFor();
    await imran.getByText(/1 h 30 min of working time left/).waitFor();
    await lasts(45);
    await visit(imran, request);
    await imran.getByText(/1 h 30 min of working time left/).waitFor();
    await resume(imran);
  });

  test('runs on while it waits for a third party, and warns before it is due', async () => {
    await lasts(20);
    await waitFor(imran, 'Waiting on a third party', 'Sent to the registrar', 'Registrar');
    await imran.getByText('Runs on: waiting for a third party').waitFor();
    await lasts(25);
    await resume(imran);
    await lasts(20);
    await sweep();
    await hears(imran, `${number} is due`);
    expect(await tellings()).toEqual([['warning', 'Imran Sheikh']]);
  });

  test('is broken, and climbs two steps, each once', async () => {
    await lasts(50);
    await sweep();
    await hears(farah, `${number} is overdue`);
    await lasts(110);
    await sweep();
    await hears(meera, `${number} is still overdue`);
    await sweep();
    expect(await tellings()).toEqual([
      ['warning', 'Imran Sheikh'],
      ['breach', 'Farah Khan'],
      ['escalation', 'Meera Iyer']
    ]);
  });

  test('is acknowledged with a reason, which whoever was told hears', async () => {
    await visit(imran, request);
    await imran.getByRole('link', { name: 'I am on it' }).first().click();
    const dialog = imran.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('The registrar answers today');
    await dialog.getByRole('button', { name: 'I am on it' }).click();
    await imran.getByText('Imran Sheikh is on it: The registrar answers today').first().waitFor();
    await hears(farah, 'The registrar answers today');
  });

  test('ends with the request, and says to the minute whose time it was', async () => {
    await lasts(120);
    await visit(imran, request);
    await tickBankChange(imran);
    await lasts(125);
    await complete(imran, 'The new account pays out.');

    await visit(farah, request);
    await farah.locator('summary').filter({ hasText: 'Why was it due' }).first().click();
    const split = farah.getByRole('table', { name: 'Whose time it was' }).first();
    const rows = await split.getByRole('row').allInnerTexts();
    expect(rows.map((row) => row.replaceAll(/\s+/g, ' ').trim())).toEqual([
      'Ours 2 h 55 min counted',
      'The client’s 45 min not counted',
      'Third parties’ 25 min counted'
    ]);
    await farah.getByText(/it waited for the client \(Imran Sheikh: .*cheque is missing/).waitFor();
    const [ended] = await app.sql`
      select minutes_target, minutes_ours, minutes_client, minutes_third_party, minutes_used, minutes_over
      from clocks where subject_kind = 'request' and subject_id = ${id} and target = 'resolution'`;
    expect(ended).toEqual({
      minutes_target: 120,
      minutes_ours: 175,
      minutes_client: 45,
      minutes_third_party: 25,
      minutes_used: 200,
      minutes_over: 80
    });
  });

  test('is counted in the reports', async () => {
    await visit(farah, '/reports/promises');
    await farah
      .getByRole('row', { name: new RegExp(TYPE) })
      .first()
      .waitFor();
  });

  async function sweep(): Promise<void> {
    await asSystem((tx) => enqueue(tx, clocksDue, {}));
  }

  /** Until a notification that says so is in the list. */
  async function hears(page: Page, words: string): Promise<void> {
    await expect
      .poll(
        async () => {
          await visit(page, '/notifications');
          return page.getByRole('main').getByText(words).count();
        },
        { timeout: 30_000, interval: 500 }
      )
      .toBeGreaterThan(0);
  }

  const tellings = async () => {
    const rows = await app.sql<{ kind: string; name: string }[]>`
      select e.kind, u.name from escalations e join clocks k on k.id = e.clock_id and k.subject_id = ${id}
      cross join lateral unnest(e.told_user_ids) told(id) join users u on u.id = told.id order by e.id, u.name`;
    return rows.map(({ kind, name }) => [kind, name]);
  };
});

async function resume(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: 'Resume' }).waitFor({ state: 'detached' });
}
