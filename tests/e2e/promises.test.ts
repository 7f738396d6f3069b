import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { seedDemo } from '../../scripts/seed.ts';
import { chromiumPath } from '../support/chromium.ts';
import { letStretchLast, promiseTwoHours, sweep, tellings } from './support/ageing.ts';
import { startApp, type App } from './support/app.ts';
import { openBrowser, type People } from './support/browser.ts';
import { pathOf, told, visit } from './support/forms.ts';
import { askForBankChange, atDesk, complete, hears, tickBankChange, waitFor } from './support/office.ts';

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
    await waitFor(imran, {
      whom: 'Waiting on the client',
      why: 'The cancelled cheque is missing',
      before: () => lasts(30)
    });
    await imran.getByText('Stands still: waiting for the client').waitFor();
    await imran.getByText(/1 h 30 min of working time left/).waitFor();
    await lasts(45);
    await visit(imran, request);
    await imran.getByText(/1 h 30 min of working time left/).waitFor();
    await lasts(45);
    await resume(imran);
  });

  test('runs on while it waits for a third party, and warns before it is due', async () => {
    await waitFor(imran, {
      whom: 'Waiting on a third party',
      why: 'Sent to the registrar',
      party: 'Registrar',
      before: () => lasts(20)
    });
    await imran.getByText('Runs on: waiting for a third party').waitFor();
    await lasts(25);
    await resume(imran);
    await lasts(20);
    await sweep(app.sql);
    await hears(imran, `${number} is due`);
    expect(await tellings(app.sql, id)).toEqual([['warning', 'Imran Sheikh']]);
  });

  test('is broken, and climbs two steps, each once', async () => {
    await lasts(50);
    await sweep(app.sql);
    await hears(farah, `${number} is overdue`);
    await lasts(110);
    await sweep(app.sql);
    await hears(meera, `${number} is still overdue`);
    await sweep(app.sql);
    expect(await tellings(app.sql, id)).toEqual([
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
    await complete(imran, 'The new account pays out.', () => lasts(125));

    await visit(farah, request);
    await farah.locator('summary').filter({ hasText: 'Why was it due' }).first().click();
    const split = farah.getByRole('table', { name: 'Whose time it was' }).first();
    await expect
      .poll(() => linesOf(split.getByRole('row')))
      .toEqual([
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

  test('is counted in the reports as late, with its minutes', async () => {
    await visit(farah, '/reports/promises');
    const rowOf = (table: string) =>
      farah.getByRole('table', { name: table }).getByRole('row', { name: new RegExp(TYPE) });
    await expect.poll(() => linesOf(rowOf('By type').getByRole('cell'))).toEqual(['1', '0', '1', '0%']);
    await expect
      .poll(() => linesOf(rowOf('Whose time it took').getByRole('cell')))
      .toEqual(['1', '2 h 55 min', '45 min', '25 min']);
    await rowOf('By type').getByRole('cell').nth(2).getByRole('link').click();
    await farah.waitForURL((url) => url.pathname === '/reports/rows');
    const row = farah.getByRole('row').filter({ has: farah.locator(`a[href="${request}"]`) });
    await expect.poll(() => linesOf(row)).toEqual([expect.stringContaining(number)]);
    for (const text of ['Late', 'Imran Sheikh', '2 h 55 min', '45 min', '25 min'])
      await row.getByText(text, { exact: true }).first().waitFor();
  });
});

/** What each of them says, on one line. */
async function linesOf(parts: Locator): Promise<string[]> {
  const texts = await parts.allInnerTexts();
  return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim());
}

async function resume(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: 'Resume' }).waitFor({ state: 'detached' });
}
