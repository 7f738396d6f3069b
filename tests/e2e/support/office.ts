import { expect } from 'vitest';
import type { Page } from 'playwright-core';
import { demoAddress } from '../../../scripts/seed/people.ts';
import { signIn, type People } from './browser.ts';
import { answerTo, told, visit } from './forms.ts';

/** Somebody of the demo firm at his desk, on the home page. */
export async function atDesk(people: People, name: string, password: string): Promise<Page> {
  const { page } = await people.newPerson({ viewport: { width: 1280, height: 900 } });
  await signIn(page, demoAddress(name), password);
  return page;
}

/** The status each of them is answered with. */
export async function seenBy<Who extends string>(pages: Record<Who, Page>, address: string) {
  const entries = Object.entries<Page>(pages).map(async ([who, page]) => [
    who,
    await answerTo(page, address)
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Record<Who, number>;
}

/** From a client's page; ends on that of the request. */
export async function askForBankChange(page: Page, details: string): Promise<void> {
  await page.getByRole('link', { name: 'Open request' }).click();
  await page.getByLabel('Type').selectOption({ label: 'Bank change' });
  await page.getByLabel('Details').fill(details);
  await page.getByRole('button', { name: 'Open the request' }).click();
  await page.getByRole('link', { name: /New bank account number/ }).waitFor();
  await page.getByLabel('New bank account number').fill('50100012345678');
  await page.getByLabel('IFSC').fill('HDFC0000001');
  await page.getByRole('button', { name: 'Open the request' }).click();
  await page.waitForURL(/\/requests\/\d+$/);
}

/** Until a notification that says so is in the list. */
export async function hears(page: Page, words: string): Promise<void> {
  const count = async () => {
    await visit(page, '/notifications');
    return page.getByRole('main').getByText(words).count();
  };
  await expect.poll(count, { timeout: 30_000, interval: 500 }).toBeGreaterThan(0);
}

interface Waiting {
  whom: string;
  why: string;
  /** Where it is a third party. */
  party?: string;
  /** When everything is entered, and one click is left. */
  before?: () => Promise<void>;
}

/** On the page of work in progress. */
export async function waitFor(page: Page, { whom, why, party, before }: Waiting): Promise<void> {
  await page.getByRole('link', { name: 'Wait', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('On whom').selectOption({ label: whom });
  if (party) await dialog.getByLabel('Which third party').selectOption({ label: party });
  await dialog.getByLabel('Why').fill(why);
  await before?.();
  await dialog.getByRole('button', { name: 'Wait' }).click();
  await page.getByRole('button', { name: 'Resume' }).waitFor();
}

/** Everything on the checklist of a bank change. */
export async function tickBankChange(page: Page): Promise<void> {
  for (const item of ['Cancelled cheque received', 'Form signed', 'Registrar confirmed']) {
    await page.getByRole('button', { name: item, pressed: false }).click();
    await page.getByRole('button', { name: item, pressed: true }).waitFor();
  }
}

/** `before` is awaited when everything is entered, and one click is left. */
export async function complete(page: Page, outcome: string, before?: () => Promise<void>): Promise<void> {
  await page.getByRole('link', { name: 'Complete' }).click();
  await page.getByRole('dialog').getByLabel('Outcome').fill(outcome);
  await before?.();
  await page.getByRole('dialog').getByRole('button', { name: 'Complete' }).click();
  await told(page, 'The request is completed');
}
