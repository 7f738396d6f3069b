import type { Page } from 'playwright-core';
import { listening } from './browser.ts';
import { bellOf, told, visit } from './forms.ts';

/** Chooses a password by the link of an invitation; ends on the home page. */
export async function acceptInvitation(page: Page, link: string): Promise<void> {
  await visit(page, link);
  const live = listening(page);
  await page.getByLabel('Password').fill('a whole sentence to sign in with');
  await page.getByRole('button', { name: 'Set password and sign in' }).click();
  await page.waitForURL((url) => url.pathname === '/');
  await live;
}

/** Makes the open lead of Calder Mills a holding of that client; ends on the client's page. */
export async function convertLead(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Leads' }).first().click();
  await page
    .getByRole('row')
    .filter({ hasText: 'Calder Mills' })
    .filter({ hasText: 'Kettle Pro Max' })
    .getByRole('link')
    .first()
    .click();
  await page.getByRole('link', { name: 'Convert' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /Calder Mills/ }).check();
  await dialog.getByLabel(/^Amount/).fill('1250.50');
  await dialog.getByRole('button', { name: 'Convert' }).click();
  await page.getByText('The lead is converted').waitFor();
  await page.locator('main').getByRole('link', { name: 'Calder Mills' }).first().click();
  await page.waitForURL(/\/clients\/\d+$/);
}

/** On a client's page. */
export async function logCall(page: Page): Promise<void> {
  await page.getByLabel('What it was about').fill('Delivery of the kettle');
  await page.getByLabel('What was said').fill('They want it by Friday and will pay on delivery.');
  await page.getByRole('button', { name: 'Log', exact: true }).click();
  await page
    .getByRole('list', { name: /newest first/ })
    .getByText('Delivery of the kettle')
    .waitFor();
}

/** From a client's page; ends on the request's. */
export async function openRequest(page: Page): Promise<{ id: number; number: string }> {
  await page.getByRole('link', { name: 'Open request' }).click();
  await page.getByLabel('Type').selectOption({ index: 1 });
  await page.getByLabel('Details').fill('Please change the bank account.');
  await page.getByRole('button', { name: 'Open the request' }).click();
  await page.waitForURL(/\/requests\/\d+$/);
  const id = Number(new URL(page.url()).pathname.split('/').at(-1));
  return { id, number: `SR-${String(id).padStart(6, '0')}` };
}

/** Takes the request as one's own work. */
export async function startWork(page: Page, id: number): Promise<void> {
  await visit(page, `/requests/${id}`);
  await page.getByRole('button', { name: 'Start' }).click();
  await told(page, 'The request is yours');
}

/** Marks the page, which loses that when it is loaded again; what is returned says what the bell is called. */
export async function watchTheBell(page: Page): Promise<() => Promise<string | null>> {
  await page.evaluate(() => (document.body.dataset.open = 'yes'));
  return () => bellOf(page);
}

/** As an administrator. */
export async function runDigests(page: Page): Promise<void> {
  await visit(page, '/admin/jobs');
  const row = page.getByRole('row').filter({ hasText: 'Morning digests' }).filter({ hasText: 'Run now' });
  await row.getByRole('button', { name: 'Run now' }).click();
  await told(page, 'Morning digests will run now');
}
