import type { Page } from 'playwright-core';

/** Opens the page and waits until its script runs, its letters are there and what it shows late is shown. */
export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForFunction(() => document.documentElement.style.colorScheme !== '');
  await page.evaluate(() => document.fonts.ready);
  await page.locator('main').waitFor();
}

export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await open(page, '/login');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname === '/');
}

/** Gives the audit trail a change by a person: she puts the client she speaks to next into the first tier. */
export async function changeSomething(page: Page): Promise<void> {
  await open(page, '/clients?q=nisha');
  const href = await page.locator('main a[data-row]').first().getAttribute('href');
  await open(page, `${href}/edit`);
  await page.getByLabel('Tier').selectOption({ label: 'Platinum' });
  await page.getByLabel('Language').fill('Gujarati');
  await page.getByLabel('Review every').fill('3');
  await page.getByRole('main').getByRole('button', { name: /^Save/ }).click();
  await page.waitForURL((url) => !url.pathname.endsWith('/edit'));
}
