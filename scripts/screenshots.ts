import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../tests/support/chromium.ts';
import { runRapport, type RunningRapport } from '../tests/support/rapport.ts';
import { freePort } from './processes.ts';
import { runScript, step } from './script.ts';

const FOLDER = 'docs/screenshots';

const VIEWS: Record<string, BrowserContextOptions> = {
  light: { viewport: { width: 1200, height: 680 }, colorScheme: 'light' },
  dark: { viewport: { width: 1200, height: 680 }, colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 740 }, colorScheme: 'light', isMobile: true, hasTouch: true }
};

/** Takes the pictures of the documentation from a running demo firm, seen by the head of a team. */
runScript(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-screenshots-'));
  const env = { RAPPORT_DATA: folder, PORT: `${await freePort()}`, LOG_LEVEL: 'warn' };
  const rapport = await step('Starting the demo firm', () => runRapport({ env }));
  const browser = await launchBrowser();
  try {
    mkdirSync(FOLDER, { recursive: true });
    for (const view of Object.keys(VIEWS))
      await step(`Pictures, ${view}`, () => takeAll(browser, rapport, view));
  } finally {
    await browser.close();
    await rapport.interrupt();
    rmSync(folder, { recursive: true, force: true });
  }
});

async function takeAll(browser: Browser, rapport: RunningRapport, view: string): Promise<void> {
  const context = await browser.newContext({
    ...VIEWS[view],
    baseURL: rapport.address,
    locale: 'en-IN',
    timezoneId: 'Asia/Kolkata',
    reducedMotion: 'reduce'
  });
  const page = await context.newPage();
  await signIn(page, rapport);
  const take = async (name: string, address: string) => {
    await open(page, address);
    await page.screenshot({ path: join(FOLDER, `${name}-${view}.png`) });
  };
  await take('home', '/');
  await take('leads', '/leads');
  // The most urgent request, and the client who waits for it.
  await take('request', await firstLink(page, '/requests', '/requests/'));
  await take('client', await firstLink(page, page.url(), '/clients/'));
  await context.close();
}

async function signIn(page: Page, { emails, password }: RunningRapport): Promise<void> {
  await open(page, '/login');
  await page.getByLabel('E-mail').fill(emails[1] ?? '');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname === '/');
}

async function firstLink(page: Page, from: string, to: string): Promise<string> {
  await open(page, from);
  const link = page.locator(`main a[href^="${to}"]:not([href$="/new"])`).first();
  return (await link.getAttribute('href')) ?? from;
}

/** Opens the page and waits until its script runs, its letters are there and what it shows late is shown. */
async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForFunction(() => document.documentElement.style.colorScheme !== '');
  await page.evaluate(() => document.fonts.ready);
  await page.locator('main').waitFor();
}
