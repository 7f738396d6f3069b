import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';
import type { Locator, Page } from 'playwright-core';
import { clients } from '#lib/clients/schema.server.ts';
import { users } from '#lib/people/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { seedDemo } from '../../scripts/seed.ts';
import { demoAddress } from '../../scripts/seed/people.ts';
import { chromiumPath } from '../support/chromium.ts';
import { startApp, type App } from './support/app.ts';
import { enterPassword, openBrowser, signIn, type People } from './support/browser.ts';
import { escape, focused, open, send, told, visit } from './support/forms.ts';
import { axeFindings, overflow } from './support/inspect.ts';

const PASSWORD = 'a believable demo firm';
const RM = 'Kavya Nair';

let app: App;
let people: People;
let client: { id: number; name: string };

describe.skipIf(!chromiumPath())('logging what was said', () => {
  beforeAll(async () => {
    app = await startApp();
    await seedDemo({ password: PASSWORD });
    people = await openBrowser(app.origin);
    const [found] = await asSystem((tx) =>
      tx
        .select({ id: clients.id, name: clients.name })
        .from(clients)
        .innerJoin(users, eq(users.id, clients.primaryRmId))
        .where(eq(users.name, RM))
        .limit(1)
    );
    if (!found) throw new Error('The demo RM has no client');
    client = found;
  });

  afterAll(async () => {
    await people?.close();
    await app?.stop();
  });

  afterEach(() => people.assertNoProblems());

  test('takes two keys on a client’s page, and keeps the words of a closed dialog', async () => {
    const { page, close } = await signedIn();
    await visit(page, `/clients/${client.id}`);
    const dialog = await openByKey(page);
    const subject = page.locator('#log-subject');
    await focused(subject);
    await page.keyboard.type('<b>Fees</b> 😀 شكرا');
    expect(await axeFindings(page)).toEqual([]);
    await escape(dialog);
    await openByKey(page);
    await focused(subject);
    await expect.poll(() => subject.inputValue()).toBe('<b>Fees</b> 😀 شكرا');
    await page.keyboard.press('Control+Enter');
    // The words stay for a few seconds only: their button first.
    await page
      .locator('[data-sonner-toast]')
      .filter({ hasText: 'Logged' })
      .getByRole('button', { name: 'Open', exact: true })
      .click();
    await page.waitForURL(/\/interactions\/\d+$/);
    await page.getByRole('heading', { level: 1, name: '<b>Fees</b> 😀 شكرا' }).waitFor();
    await visit(page, `/clients/${client.id}`);
    await page.getByRole('link', { name: '<b>Fees</b> 😀 شكرا' }).waitFor();
    await close();
  });

  test('begins with the client where the page is about none, all by keys', async () => {
    const { page, close } = await signedIn();
    await visit(page, '/queries');
    await openByKey(page);
    await focused(page.locator('#log-clientId'));
    await page.keyboard.type(client.name);
    await page.locator('[role=option][data-highlighted]').filter({ hasText: client.name }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[role=option]').first().waitFor({ state: 'detached' });
    await page.locator('#log-subject').focus();
    await page.keyboard.type('Called back');
    await page.keyboard.press('Control+Enter');
    await told(page, 'Logged');
    await visit(page, '/interactions?q=called+back');
    await page.getByRole('link', { name: 'Called back' }).waitFor();
    await close();
  });

  test('works without JavaScript, and says what new business needs', async () => {
    const { page, expects, close } = await signedIn({ javaScriptEnabled: false });
    expects(400);
    await open(page, `/interactions/new?client=${client.id}`);
    await page.getByLabel('What was said').fill('Met them\nat the office');
    await page.getByLabel('Purpose').selectOption('new_business');
    await send(page.getByRole('button', { name: 'Log', exact: true }));
    await page.getByText('New business names a product').first().waitFor();
    expect(await page.getByLabel('What was said').inputValue()).toBe('Met them\nat the office');
    await page.getByLabel('Product').selectOption({ index: 1 });
    await send(page.getByRole('button', { name: 'Log', exact: true }));
    await page.getByRole('heading', { level: 1, name: 'Met them' }).waitFor();
    await close();
  });

  test('reviews a portfolio and opens a lead that leads back', async () => {
    const { page, close } = await signedIn({ viewport: { width: 360, height: 740 } });
    await visit(page, `/interactions/review?client=${client.id}`);
    await page.getByLabel('Findings').fill('Too much in one fund');
    await page.getByLabel('Lead', { exact: true }).selectOption('cross_sell');
    await page.getByLabel('Expected value').fill('250000');
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflow(page)).toBeNull();
    await page.getByRole('button', { name: 'Log the review' }).click();
    await page.waitForURL(/\/interactions\/\d+$/);
    const review = new URL(page.url()).pathname;
    await page
      .getByRole('link', { name: new RegExp(`^LD-\\d+ ${client.name}$`) })
      .first()
      .click();
    await page.waitForURL(/\/leads\/\d+$/);
    await page.getByRole('link', { name: 'Portfolio review' }).first().click();
    await page.waitForURL((url) => url.pathname === review);
    await visit(page, `/clients/${client.id}`);
    await page.getByText('Too much in one fund').waitFor();
    await close();
  });
});

async function signedIn(options?: Parameters<People['newPerson']>[0]) {
  const person = await people.newPerson(options);
  if (options?.javaScriptEnabled === false) await signInPlainly(person.page);
  else await signIn(person.page, demoAddress(RM), PASSWORD);
  return person;
}

async function signInPlainly(page: Page): Promise<void> {
  await open(page, '/login');
  await enterPassword(page, demoAddress(RM), PASSWORD);
  await page.waitForURL((url) => url.pathname !== '/login');
}

async function openByKey(page: Page): Promise<Locator> {
  await page.keyboard.press('l');
  const dialog = page.getByRole('dialog', { name: 'Log an interaction' });
  await dialog.waitFor();
  return dialog;
}
