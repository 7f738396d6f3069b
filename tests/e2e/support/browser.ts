import { type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { launchBrowser } from '../../support/chromium.ts';

/** Long enough for a busy machine; nothing waits that long unless it is broken. */
const PATIENCE_MS = 40_000;

export interface Person {
  context: BrowserContext;
  page: Page;
  /** Answers of this status are part of the test, and so is what the console says of them. */
  expects: (status: number) => void;
  close: () => Promise<void>;
}

export interface People {
  /** A browser of somebody's own: cookies, storage and window size. */
  newPerson: (options?: BrowserContextOptions) => Promise<Person>;
  /** Fails with everything that went wrong in any window since the last time it was asked. */
  assertNoProblems: () => void;
  close: () => Promise<void>;
}

/** Opens the browser for the people of a test file. */
export async function openBrowser(origin: string): Promise<People> {
  const browser: Browser = await launchBrowser();
  const problems: string[] = [];
  return {
    newPerson: async (options) => {
      const context = await browser.newContext({
        baseURL: origin,
        locale: 'en-IN',
        timezoneId: 'Asia/Kolkata',
        ...options
      });
      context.setDefaultTimeout(PATIENCE_MS);
      const expected = watch(context, problems);
      const page = await context.newPage();
      return { context, page, expects: (status) => expected.add(status), close: () => context.close() };
    },
    assertNoProblems: () => expect(problems.splice(0), 'in the browsers').toEqual([]),
    close: () => browser.close()
  };
}

/** Notes errors of pages, of the console and of the server; returns the set of answers that are none. */
function watch(context: BrowserContext, problems: string[]): Set<number> {
  const expected = new Set<number>();
  context.on('weberror', (thrown) => problems.push(`page error: ${thrown.error().message}`));
  context.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // The browser's own line about an answer, which is judged below.
    if (message.text().startsWith('Failed to load resource')) return;
    problems.push(`console ${message.type()} at ${message.page()?.url()}: ${message.text()}`);
  });
  context.on('response', (response) => {
    const status = response.status();
    // Where no worker runs the scheduler is late in time, and the probe says so.
    const isProbe = new URL(response.url()).pathname === '/readyz';
    if (status >= 400 && !expected.has(status) && !isProbe)
      problems.push(`${status} ${response.request().method()} ${response.url()}`);
  });
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // What was still loading when somebody went on to another page; scripts where they are switched off.
    if (reason !== 'net::ERR_ABORTED' && reason !== 'csp') problems.push(`${reason} ${request.url()}`);
  });
  return expected;
}

/** Signs in on the page of that name; ends on the home page, which news reaches. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/login');
  await hydrated(page);
  const live = listening(page);
  await enterPassword(page, email, password);
  await page.waitForURL((url) => url.pathname !== '/login');
  await live;
}

/** On the page where one signs in. */
export async function enterPassword(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Until the next page of the only tab of its browser has the stream that news comes by: what is said before is missed. */
export async function listening(page: Page): Promise<void> {
  await page.waitForResponse((response) => new URL(response.url()).pathname === '/api/live');
}

/** Until the page's script has taken over, which sets the theme: a click before is answered by the server alone. */
export async function hydrated(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.style.colorScheme !== '');
}
