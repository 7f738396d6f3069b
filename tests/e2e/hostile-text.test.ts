import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { seedDemo } from '../../scripts/seed.ts';
import { demoAddress } from '../../scripts/seed/people.ts';
import { chromiumPath } from '../support/chromium.ts';
import { mintClient, mintInteraction } from '../support/records.ts';
import { makeAlike } from './support/alike.ts';
import { startApp, type App } from './support/app.ts';
import { openBrowser, signIn, type People } from './support/browser.ts';
import { pathOf, told, visit } from './support/forms.ts';
import { overflow } from './support/inspect.ts';

const PASSWORD = 'a believable demo firm';
/** Markup that would act if it were taken for such, an emoji of several parts, and text from the right. */
const SHORT = `<script>window.hurt = 1</script><img src=x onerror="window.hurt=2"> 👩‍👩‍👧‍👦 שלום ${'\u202E'}abc${'\u202C'}`;
/** The same, with one word that is longer than any line. */
const LONG = `${SHORT} {{7*7}} ${'W'.repeat(10_000 - SHORT.length - 9)}`;

let app: App;
let people: People;
let page: Page;
let client = '';

describe.skipIf(!chromiumPath())('text that means harm', () => {
  beforeAll(async () => {
    app = await startApp();
    await seedDemo({ password: PASSWORD });
    people = await openBrowser(app.origin);
    ({ page } = await people.newPerson({ viewport: { width: 360, height: 740 } }));
    await signIn(page, demoAddress('Kavya Nair'), PASSWORD);
    const [mine] = await app.sql<
      { id: number }[]
    >`select c.id from clients c join users u on u.id = c.primary_rm_id
      where u.name = 'Kavya Nair' order by c.id limit 1`;
    client = `/clients/${mine?.id}`;
  });

  afterAll(async () => {
    await people?.close();
    await app?.stop();
  });

  afterEach(() => people.assertNoProblems());

  test('stays text in a lead, and its list and board stay whole', async () => {
    await visit(page, '/leads/new');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(SHORT);
    await page.getByRole('textbox', { name: 'Organisation' }).fill('מ'.repeat(200));
    await page.getByRole('textbox', { name: 'Given by', exact: true }).fill(SHORT);
    await page.getByRole('textbox', { name: 'Notes' }).fill(LONG);
    await page.getByRole('button', { name: 'Save lead' }).click();
    await page.waitForURL(/\/leads\/\d+$/);
    await harmless(page.url(), LONG);
    await harmless('/leads', SHORT);
    await harmless('/leads?view=board', SHORT);
    await harmless(`${pathOf(page)}?q=${encodeURIComponent(SHORT)}`);
  });

  test('stays text in a note and a conversation of a client', async () => {
    await visit(page, client);
    await page.getByLabel('What was said').fill(LONG);
    await page.getByLabel('What it was about').fill(SHORT);
    await page.getByRole('button', { name: 'Log', exact: true }).click();
    await page
      .getByRole('list', { name: /newest first/ })
      .getByText('window.hurt')
      .first()
      .waitFor();
    await page.getByRole('radio', { name: /^Note/ }).check({ force: true });
    await page
      .getByRole('textbox', { name: /note/i })
      .last()
      .fill(`Note ${LONG.slice(0, 9_000)}`);
    await page.getByRole('button', { name: 'Add note' }).click();
    await page.getByText('Note <script>').first().waitFor();
    await harmless(client, SHORT);
    await harmless('/interactions', SHORT);
    await page
      .getByRole('link', { name: /window\.hurt/ })
      .first()
      .click();
    await page.waitForURL(/\/interactions\/\d+$/);
    await harmless(page.url(), LONG);
  });

  test('stays text in a query and what is said about it', async () => {
    await visit(page, `/queries/new?clientId=${client.split('/').at(-1)}`);
    await page.getByRole('textbox', { name: 'Subject' }).fill(SHORT);
    await page.getByRole('textbox', { name: 'Details' }).fill(LONG);
    await page.getByRole('button', { name: 'Open the query' }).click();
    await page.waitForURL(/\/queries\/\d+$/);
    await comment(`Comment ${LONG.slice(0, 4_900)}`);
    await harmless(page.url(), LONG);
    await harmless('/queries', SHORT);
    await harmless('/queries?view=board', SHORT);
  });

  test('stays text in a request and what is said about it', async () => {
    await visit(page, `/requests/new?clientId=${client.split('/').at(-1)}`);
    await page.getByLabel('Type').selectOption({ label: 'Contact update' });
    await page.getByRole('textbox', { name: 'New phone or e-mail' }).fill(SHORT);
    await page.getByRole('textbox', { name: 'Details' }).fill(LONG);
    await page.getByRole('button', { name: 'Open the request' }).click();
    await page.waitForURL(/\/requests\/\d+$/);
    await comment(`Comment ${LONG.slice(0, 4_900)}`);
    await harmless(page.url(), LONG);
    await harmless(client, SHORT);
    await harmless('/notifications');
    await harmless('/');
  });

  test('breaks no page where it is the same twice, nor does an id of two kinds of records', async () => {
    const kavya = await idOf('users', 'Kavya Nair');
    const [colleague, namesake] = [await idOf('users', 'Rohan Desai'), await idOf('users', 'Sneha Kulkarni')];
    const called = await mintClient({ primaryRmId: kavya });
    const product = await idOf('products');
    const { work } = await makeAlike(app.sql, { client: called, product, colleague, namesake });
    const { page, close } = await people.newPerson();
    await signIn(page, demoAddress('Meera Iyer'), PASSWORD);
    const pages: [address: string, twice: string | RegExp][] = [
      [`/clients/${called}/holdings`, 'Clients'],
      [`/catalogue/${product}/edit`, 'Catalogue'],
      [`/admin/request-types/${await idOf('request_types')}`, 'Call back'],
      [`/admin/policies/${await policyTwice()}`, /^Resolution: When it is due tell /],
      [`/handovers/new?from=${kavya}&to=${colleague}&to=${namesake}&what=clients`, /is on leave; nobody/]
    ];
    for (const [address, text] of pages) {
      await visit(page, address);
      const shown = page.locator('main').getByText(text, { exact: true });
      await expect.poll(() => shown.count(), { message: address }).toBeGreaterThan(1);
    }
    for (const address of [`/clients/${called}`, '/']) {
      await visit(page, address);
      for (const place of ['queries', 'requests'])
        await page.locator(`main a[href="/${place}/${work}"]`).first().waitFor();
    }
    await close();
  });

  test('stands once in a timeline that was dated back while it was read', async () => {
    const talked = await mintClient({ primaryRmId: await idOf('users', 'Kavya Nair') });
    const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    for (let n = 1; n <= 32; n++)
      await mintInteraction({ clientId: talked, subject: `Talk no. ${n}`, occurredAt: ago(n) });
    await visit(page, `/clients/${talked}`);
    await app.sql`update interactions set occurred_at = ${ago(50)} where client_id = ${talked} and subject = 'Talk no. 3'`;
    await page.getByRole('link', { name: 'Show older' }).click();
    await page.getByRole('link', { name: 'Talk no. 32', exact: true }).waitFor();
    expect(await page.getByRole('link', { name: 'Talk no. 3', exact: true }).count()).toBe(1);
  });

  /** The one of that name, or the first. */
  async function idOf(table: string, name?: string): Promise<number> {
    const named = name === undefined ? app.sql`` : app.sql`where name = ${name}`;
    const [row] = await app.sql<{ id: number }[]>`
      select id::int as id from ${app.sql(table)} ${named} order by id limit 1`;
    return row?.id ?? 0;
  }

  /** A policy with two steps of its ladder in the same words. */
  async function policyTwice(): Promise<number> {
    const [row] = await app.sql<{ id: number }[]>`
      select v.policy_id::int as id from policy_versions v join policy_steps s on s.policy_version_id = v.id
      where s.key like '%-again' and s.target = 'resolution' limit 1`;
    return row?.id ?? 0;
  }

  async function comment(text: string): Promise<void> {
    await page.getByRole('textbox', { name: 'New comment' }).fill(text);
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    await told(page, 'Comment added');
    await page.getByText('Comment <script>').first().waitFor();
  }

  /** The page shows the text as it was entered, runs none of it, and is no wider than a phone. */
  async function harmless(address: string, text?: string): Promise<void> {
    await visit(page, address);
    if (text !== undefined) {
      const shown = await page.locator('main').textContent();
      expect(flat(shown ?? '').includes(flat(text)), `${address} shows it whole`).toBe(true);
    }
    expect(await page.evaluate(() => 'hurt' in window), address).toBe(false);
    expect(await page.locator('img[src=x]').count(), address).toBe(0);
    expect(await overflow(page), address).toBeNull();
  }
});

const flat = (text: string) => text.replace(/\s+/g, ' ').trim();
