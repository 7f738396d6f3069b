import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../tests/support/chromium.ts';
import { runRapport } from '../tests/support/rapport.ts';
import { freePort } from './processes.ts';
import type { Theme } from './screenshots/shot.ts';
import { SHOTS } from './screenshots/shots.ts';
import { changeSomething, signIn } from './screenshots/visit.ts';
import { runScript, step } from './script.ts';

const FOLDER = 'docs/screenshots';

const VIEWS: Record<Theme, BrowserContextOptions> = {
  light: { viewport: { width: 1120, height: 660 }, colorScheme: 'light' },
  dark: { viewport: { width: 1120, height: 660 }, colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 740 }, colorScheme: 'light', isMobile: true, hasTouch: true }
};

interface Firm {
  address: string;
  password: string;
}

/**
 * Takes the pictures of the documentation, each by the eyes of whoever sees the page, from a demo firm of its own or
 * from the one that runs at an address: `node scripts/screenshots.ts [ADDRESS [NAME …]]`. One client is changed on the
 * way. With names only those pictures are taken.
 */
runScript(async () => {
  const [address, ...names] = process.argv.slice(2);
  if (address) return takeAll({ address, password: 'rapport-demo' }, names);
  const folder = mkdtempSync(join(tmpdir(), 'rapport-screenshots-'));
  const env = { RAPPORT_DATA: folder, PORT: `${await freePort()}`, LOG_LEVEL: 'warn' };
  const rapport = await step('Starting the demo firm', () => runRapport({ env }));
  try {
    await takeAll(rapport, names);
  } finally {
    await rapport.interrupt();
    rmSync(folder, { recursive: true, force: true });
  }
});

async function takeAll(firm: Firm, names: string[]): Promise<void> {
  const browser = await launchBrowser();
  const pages = new Map<string, Page>();
  const pageOf = async (who: string, theme: Theme) => {
    const key = `${who} ${theme}`;
    const page = pages.get(key) ?? (await openFor(browser, firm, { who, theme }));
    pages.set(key, page);
    return page;
  };
  try {
    mkdirSync(FOLDER, { recursive: true });
    await changeSomething(await pageOf('kavya.nair', 'light'));
    for (const { name, who, themes, show } of SHOTS)
      for (const theme of themes) {
        const file = `${name}-${theme}`;
        if (names.length > 0 && !names.includes(name) && !names.includes(file)) continue;
        await step(file, async () => {
          const page = await pageOf(who, theme);
          await show(page);
          await page.screenshot({ path: join(FOLDER, `${file}.png`) });
        });
      }
  } finally {
    await browser.close();
  }
}

async function openFor(
  browser: Browser,
  { address, password }: Firm,
  { who, theme }: { who: string; theme: Theme }
): Promise<Page> {
  const context = await browser.newContext({
    ...VIEWS[theme],
    baseURL: address,
    locale: 'en-IN',
    timezoneId: 'Asia/Kolkata',
    reducedMotion: 'reduce'
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await signIn(page, `${who}@banyan.example`, password);
  return page;
}
