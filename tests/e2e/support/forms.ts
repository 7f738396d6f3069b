import type { Locator, Page } from 'playwright-core';
import { hydrated } from './browser.ts';

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

/** Until a toast says it. */
export async function told(page: Page, words: string | RegExp): Promise<void> {
  await page.locator('[data-sonner-toast]').filter({ hasText: words }).first().waitFor();
}

/** Goes to the page and waits until its script has taken over. */
export async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await hydrated(page);
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
