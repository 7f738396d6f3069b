import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { seedDemo } from '../../scripts/seed.ts';
import { demoAddress } from '../../scripts/seed/people.ts';
import { chromiumPath } from '../support/chromium.ts';
import { startApp, type App } from './support/app.ts';
import { listening, openBrowser, type People } from './support/browser.ts';
import { escape, focused, pathOf, told, visit } from './support/forms.ts';
import { keysOf, type Keys } from './support/keys.ts';

const PASSWORD = 'a believable demo firm';
const CLIENT = 'Tarabai Wagle';

let app: App;
let people: People;
let rm: Keys;
let head: Keys;
let ops: Keys;
let lead = '';
let client = '';
let request = '';

/** Nobody in this file has a mouse: what is done is done by `keyboard` alone. */
describe.skipIf(!chromiumPath())('by keyboard alone', () => {
  beforeAll(async () => {
    app = await startApp();
    await seedDemo({ password: PASSWORD });
    await app.sql`update service_requests set assignee_id = (select id from users where name = 'Pooja Verma')
      where status = 'pending'`;
    people = await openBrowser(app.origin);
    rm = await signedIn('Kavya Nair');
    head = await signedIn('Arjun Mehta');
    ops = await signedIn('Imran Sheikh');
  });

  afterAll(async () => {
    await people?.close();
    await app?.stop();
  });

  afterEach(() => people.assertNoProblems());

  test('the first stop of a page skips to what it is about', async () => {
    await visit(rm.page, '/leads');
    await rm.press('Tab');
    await rm.press('Enter');
    await expect.poll(() => rm.page.evaluate(() => document.activeElement?.id)).toBe('main');
  });

  test('an RM enters a reference from the search box', async () => {
    await visit(rm.page, '/');
    await rm.press('/');
    const search = rm.page.getByRole('dialog', { name: 'Search' });
    await focused(search);
    await rm.page.keyboard.type('new lead');
    await search.getByRole('option', { name: /lead/i, selected: true }).waitFor();
    await rm.press('Enter');
    await rm.page.waitForURL('/leads/new');
    await rm.type(rm.page.getByRole('textbox', { name: 'Name', exact: true }), CLIENT);
    await rm.type(rm.page.getByRole('textbox', { name: 'Phone' }), '98200 77123');
    await rm.pick(rm.page.getByLabel('Mode of communication'), 'WhatsApp');
    await rm.choose(rm.page.getByRole('combobox', { name: 'Product of interest' }), 'Northstar Liquid Fund');
    await rm.type(rm.page.getByRole('textbox', { name: /^Expected value/ }), '90000');
    await rm.press('Enter');
    await rm.page.getByRole('heading', { level: 1, name: CLIENT }).waitFor();
    lead = pathOf(rm.page);
  });

  test('the head marks it in the list and gives it away', async () => {
    await visit(head.page, '/leads?rm=nobody');
    const row = head.page.getByRole('row').filter({ hasText: CLIENT });
    const link = row.locator('a[data-row]');
    for (let n = 0; n < 30 && !(await link.evaluate((one) => one === document.activeElement)); n++)
      await head.press('j');
    await head.press('j', 'k', 'k', 'j');
    for (let n = 0; n < 3 && !(await link.evaluate((one) => one === document.activeElement)); n++)
      await head.press('k');
    await head.press('x');
    await expect.poll(() => row.getByRole('checkbox').isChecked()).toBe(true);
    await head.choose(head.page.getByRole('combobox', { name: 'Assign to' }), 'Kavya Nair');
    await head.enter(head.page.getByRole('button', { name: 'Assign 1' }));
    await told(head.page, 'The leads are assigned');
  });

  test('a dialog takes the focus, keeps it, and gives it back', async () => {
    await visit(rm.page, lead);
    const link = rm.page.getByRole('link', { name: 'Deny' });
    await rm.enter(link);
    const dialog = rm.page.getByRole('dialog', { name: 'Deny the lead' });
    await focused(dialog);
    for (let n = 0; n < 12; n++) {
      await rm.press('Tab');
      expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    }
    await escape(dialog);
    await expect.poll(() => link.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test('the RM converts it', async () => {
    await visit(rm.page, lead);
    await rm.enter(rm.page.getByRole('link', { name: 'Convert' }));
    const dialog = rm.page.getByRole('dialog', { name: 'Convert the lead' });
    await dialog.getByRole('radio', { name: /A new client/, checked: true }).waitFor();
    await rm.type(dialog.getByRole('textbox', { name: 'Why there is no PAN' }), 'Applied for');
    await rm.type(dialog.getByRole('textbox', { name: /^Amount/ }), '90000');
    await rm.press('Enter');
    await rm.page.getByText('The lead is converted').waitFor();
    await rm.enter(rm.page.locator('main').getByRole('link', { name: CLIENT }).first());
    await rm.page.waitForURL(/\/clients\/\d+$/);
    client = pathOf(rm.page);
  });

  test('logs a conversation with two keys', async () => {
    await visit(rm.page, client);
    await rm.press('l');
    await focused(rm.page.locator('#log-subject'));
    await rm.page.keyboard.type('Sent the form');
    await rm.press('Control+Enter');
    await told(rm.page, 'Logged');
    await rm.page.getByRole('link', { name: 'Sent the form' }).waitFor();
  });

  test('reviews the portfolio and opens a lead', async () => {
    await visit(rm.page, `/interactions/review?client=${client.split('/').at(-1)}`);
    await rm.type(rm.page.getByRole('textbox', { name: 'Findings' }), 'Too much lies idle');
    await rm.pick(rm.page.getByLabel('Lead', { exact: true }), 'Upsell');
    await rm.enter(rm.page.getByRole('button', { name: 'Log the review' }));
    await rm.page.waitForURL(/\/interactions\/\d+$/);
    await rm.page.getByText('Upsell').first().waitFor();
  });

  test('asks operations, who take it, wait, tick and complete it', async () => {
    await visit(rm.page, client);
    await rm.enter(rm.page.getByRole('link', { name: 'Open request' }));
    await rm.page.waitForURL(/\/requests\/new/);
    await rm.pick(rm.page.getByLabel('Type'), 'Contact update');
    await rm.type(rm.page.getByRole('textbox', { name: 'New phone or e-mail' }), '98200 77124');
    await rm.enter(rm.page.getByRole('button', { name: 'Open the request' }));
    await rm.page.waitForURL(/\/requests\/\d+$/);
    request = pathOf(rm.page);

    await visit(ops.page, '/requests');
    await ops.enter(ops.page.getByRole('button', { name: 'Take next' }));
    await ops.page.waitForURL((url) => url.pathname === request);
    await ops.enter(ops.page.getByRole('link', { name: 'Wait', exact: true }));
    const dialog = ops.page.getByRole('dialog');
    await ops.pick(dialog.getByLabel('On whom'), 'Waiting on the client');
    await ops.type(dialog.getByRole('textbox', { name: 'Why' }), 'The form is not signed');
    await ops.enter(dialog.getByRole('button', { name: 'Wait' }));
    await told(ops.page, 'Waiting');
    await ops.enter(ops.page.getByRole('button', { name: 'Resume' }));
    await told(ops.page, 'The request goes on');
    for (const item of ['Request form signed', 'Registrar informed']) {
      await ops.to(ops.page.getByRole('button', { name: item, pressed: false }));
      await ops.press('Space');
      await ops.page.getByRole('button', { name: item, pressed: true }).waitFor();
    }
    await ops.enter(ops.page.getByRole('link', { name: 'Complete' }));
    await ops.type(ops.page.getByRole('dialog').getByRole('textbox', { name: 'Outcome' }), 'Updated');
    await ops.enter(ops.page.getByRole('dialog').getByRole('button', { name: 'Complete' }));
    await told(ops.page, 'The request is completed');
  });

  test('resolves a query, declines the offer to log, and closes it', async () => {
    await visit(rm.page, client);
    await rm.enter(rm.page.getByRole('link', { name: 'Open query' }));
    await rm.page.waitForURL(/\/queries\/new/);
    await rm.type(rm.page.getByRole('textbox', { name: 'Subject' }), 'Where is my statement?');
    await rm.press('Enter');
    await rm.page.waitForURL(/\/queries\/\d+$/);
    await rm.type(rm.page.getByRole('textbox', { name: 'New comment' }), '@Arj');
    await rm.page.locator('[role=option]').filter({ hasText: 'Arjun Mehta' }).waitFor();
    await rm.press('Enter');
    await rm.page.keyboard.type('please look');
    await rm.enter(rm.page.getByRole('button', { name: 'Comment', exact: true }));
    await told(rm.page, 'Comment added');
    await rm.enter(rm.page.getByRole('link', { name: 'Resolve' }));
    const dialog = rm.page.getByRole('dialog', { name: 'Resolve the query' });
    await rm.type(dialog.getByRole('textbox', { name: 'How it was resolved' }), 'Mailed');
    await rm.enter(dialog.getByRole('button', { name: 'Resolve' }));
    const log = rm.page.getByRole('dialog', { name: 'Log an interaction' });
    await escape(log);
    await rm.enter(rm.page.getByRole('button', { name: 'Close', exact: true }));
    await told(rm.page, 'The query is closed');
  });

  test('moves a card of the board: Space, an arrow, Space', async () => {
    await app.sql`update leads set conversion_rm_id = (select id from users where name = 'Kavya Nair'),
      team_id = null, status = 'new', name = 'Card to move'
      where id = (select min(id) from leads where status in ('new', 'wip'))`;
    await visit(rm.page, '/leads?view=board');
    const card = rm.page.getByRole('link', { name: 'Card to move' });
    await rm.to(card);
    await rm.press('Space');
    await rm.page.getByText(/is picked up from New/).waitFor();
    await rm.press('ArrowRight');
    await rm.page.getByText(/Over In progress/).waitFor();
    await rm.press('Space');
    await told(rm.page, /is in progress/);
    await rm.page.locator('[data-column=wip]').getByRole('link', { name: 'Card to move' }).waitFor();
    // It can be moved again once the server has agreed, and the focus is still on it.
    await rm.page.getByRole('button', { name: 'Move Card to move' }).waitFor();
    await expect.poll(() => card.evaluate((one) => one === document.activeElement)).toBe(true);
    // Put back it stays; on another column it asks what that needs.
    await rm.press('Space', 'ArrowRight', 'Escape');
    await rm.page.locator('[data-column=wip]').getByRole('link', { name: 'Card to move' }).waitFor();
    await rm.press('Space', 'ArrowRight', 'ArrowRight', 'Space');
    await rm.page.waitForURL(/\/leads\/\d+\?step=deny/);
    await rm.page.getByLabel('Reason').waitFor();
  });

  async function signedIn(name: string): Promise<Keys> {
    const { page } = await people.newPerson({ viewport: { width: 1280, height: 800 } });
    await signInByKeys(page, demoAddress(name));
    return keysOf(page);
  }
});

async function signInByKeys(page: Page, email: string): Promise<void> {
  const keys = keysOf(page);
  await visit(page, '/login');
  const live = listening(page);
  await keys.type(page.getByRole('textbox', { name: 'E-mail' }), email);
  await keys.type(page.getByLabel('Password'), PASSWORD);
  await keys.press('Enter');
  await page.waitForURL((url) => url.pathname !== '/login');
  await live;
}
