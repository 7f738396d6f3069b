import { describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { eq } from 'drizzle-orm';
import { users } from '#lib/people/schema.server.ts';
import { sessions } from '#lib/platform/auth/schema.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { demoAddress } from '../../scripts/seed/people.ts';
import { chromiumPath } from '../support/chromium.ts';
import { enterPassword, hydrated, signIn } from './support/browser.ts';
import { PASSWORD, people, useDemoApp } from './support/demo-app.ts';
import { attend, visit } from './support/forms.ts';

const [RM, OTHER_RM, HEAD] = ['Kavya Nair', 'Rohan Desai', 'Arjun Mehta'];

describe.skipIf(!chromiumPath())('sessions in a browser', () => {
  useDemoApp();

  test('Back shows nothing once somebody has signed out', async () => {
    const { page } = await signedIn(RM);
    await visit(page, '/clients');
    const link = await page.locator('main tbody a').first().innerText();
    const [client = ''] = link.split(' CL-');
    await page.getByRole('button', { name: /sign out/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(isSignIn);
    await page.goBack();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.waitForURL(isSignIn);
    expect(client).not.toBe('');
    expect(await page.content()).not.toContain(client);
  });

  test('who is deactivated is out at once, of every page that is open', async () => {
    const { page, context, expects } = await signedIn(OTHER_RM);
    expects(401);
    const other = await context.newPage();
    await attend(page, '/leads');
    // It hears from the first tab, which has the stream.
    await visit(other, '/leads');
    await asSystem((tx) => tx.update(users).set({ active: false }).where(eq(users.name, OTHER_RM)));
    for (const tab of [page, other]) await tab.waitForURL(isSignIn);
    await signInHere(page, OTHER_RM);
    await page.getByRole('alert').waitFor();
    expect(isSignIn(new URL(page.url()))).toBe(true);
  });

  test('who saves second sees both versions, and decides', async () => {
    const first = await signedIn(HEAD);
    const second = await signedIn(RM);
    second.expects(409);
    await visit(second.page, '/leads?status=wip');
    const own = second.page.locator('main tbody tr').filter({ hasText: 'KN' }).getByRole('link').first();
    const address = await own.getAttribute('href');
    for (const { page } of [first, second]) await visit(page, `${address}/edit`);
    await saveOrganisation(first.page, 'Harbour Holdings');
    await first.page.waitForURL(`**${address}`);
    await saveOrganisation(second.page, 'Harbour Trading');
    const notice = second.page.getByRole('alert');
    const row = notice.getByRole('row', { name: /Organisation/ });
    await row.getByText('Harbour Holdings').waitFor();
    await row.getByText('Harbour Trading').waitFor();
    await notice.getByRole('button', { name: 'Save mine' }).click();
    await second.page.waitForURL(`**${address}`);
    await first.page.reload();
    await first.page.getByText('Harbour Trading').first().waitFor();
  });

  test('what was typed when the session ended is there after signing in again, for the same person', async () => {
    const { page } = await signedIn(RM);
    await typeAndLoseSession(page);
    await signInHere(page, RM);
    await page.waitForURL('**/leads/new');
    await hydrated(page);
    await expect.poll(() => nameField(page).inputValue()).toBe('نور Okafor 🌿');
    await page.getByRole('button', { name: 'Save lead' }).click();
    await page.waitForURL(/\/leads\/\d+$/);
    await page.getByRole('heading', { name: 'نور Okafor 🌿' }).waitFor();

    await typeAndLoseSession(page);
    await signInHere(page, HEAD);
    await page.waitForURL('**/leads/new');
    await hydrated(page);
    await expect.poll(() => page.evaluate(() => sessionStorage.getItem('rapport-draft'))).toBeNull();
    expect(await nameField(page).inputValue()).toBe('');
  });

  async function signedIn(name: string) {
    const person = await people.newPerson();
    await signIn(person.page, demoAddress(name), PASSWORD);
    return person;
  }
});

async function signInHere(page: Page, name: string): Promise<void> {
  await hydrated(page);
  await enterPassword(page, demoAddress(name), PASSWORD);
}

const nameField = (page: Page) => page.getByRole('textbox', { name: /^Name/ });

async function typeAndLoseSession(page: Page): Promise<void> {
  await visit(page, '/leads/new');
  await nameField(page).fill('نور Okafor 🌿');
  await endSessions();
  await page.getByRole('button', { name: 'Save lead' }).click();
  await page.waitForURL(isSignIn);
}

const endSessions = () => asSystem((tx) => tx.delete(sessions));

const isSignIn = (url: URL) => url.pathname === '/login';

async function saveOrganisation(page: Page, name: string): Promise<void> {
  await page.getByLabel('Organisation').fill(name);
  await page.getByRole('button', { name: 'Save changes' }).click();
}
