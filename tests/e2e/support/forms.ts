import { expect } from 'vitest';
import type { Locator, Page, Response } from 'playwright-core';
import { hydrated, listening } from './browser.ts';

/** Types into a typeahead and takes the first answer of that name. */
export async function choose(within: Page | Locator, label: string | RegExp, text: string): Promise<void> {
  const box = within.getByRole('combobox', { name: label });
  await box.fill(text);
  const page = 'page' in within ? within.page() : within;
  // Not those of a select.
  const options = page.locator('[role=option]');
  await options.filter({ hasText: text }).first().click();
  await options.first().waitFor({ state: 'detached' });
}

/** Until a toast says it; it stays for a few seconds, so nothing else is waited for between. */
export async function told(page: Page, words: string | RegExp, timeout?: number): Promise<void> {
  await page.locator('[data-sonner-toast]').filter({ hasText: words }).first().waitFor({ timeout });
}

/** Goes to the page and waits until its script has taken over; what the server answered. */
export async function visit(page: Page, address: string): Promise<Response | null> {
  const answer = await page.goto(address);
  await hydrated(page);
  return answer;
}

/** Goes to the page in the only tab of a browser, and waits until news reaches it, too. */
export async function attend(page: Page, address: string): Promise<void> {
  await Promise.all([listening(page), visit(page, address)]);
}

/** Goes to the page where scripts are switched off: whole when this returns. */
export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
}

/** Presses what sends a form where scripts are switched off, and waits until the server has answered. */
export async function send(button: Locator): Promise<void> {
  const page = button.page();
  await Promise.all([
    page.waitForEvent('domcontentloaded'),
    page.waitForResponse((response) => response.request().method() === 'POST'),
    button.click()
  ]);
}

/** Closes the dialog by its key, once it has the focus and so hears of keys. */
export async function escape(dialog: Locator): Promise<void> {
  await focused(dialog);
  await dialog.page().keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
}

/** Until the focus is on it or within. */
export async function focused(target: Locator): Promise<void> {
  const isThere = () => target.evaluate((element) => element.contains(document.activeElement));
  await expect.poll(isThere, { message: `the focus comes to ${String(target)}` }).toBe(true);
}

/** The path of the page that is open now: `/leads/7`. */
export const pathOf = (page: Page): string => new URL(page.url()).pathname;

/** The status the server answers with, and nothing more. */
export async function answerTo(page: Page, address: string): Promise<number> {
  const response = await page.request.get(address);
  return response.status();
}

/** What the bell is called. */
export const bellOf = (page: Page): Promise<string | null> =>
  page
    .getByRole('banner')
    .getByRole('link', { name: /^Notifications/ })
    .getAttribute('aria-label');
