import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { programNamed } from './redis.ts';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'];

/** The path of an installed Chromium or Chrome, or null. `CHROMIUM_PATH` names another one. */
export function chromiumPath(): string | null {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  const installed = ['chromium', 'chromium-browser', 'google-chrome']
    .map(programNamed)
    .find((path) => path !== null);
  if (installed) return installed;
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : null;
}

/** A headless browser; the caller closes it. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (!executablePath) throw new Error('No Chromium is installed');
  return chromium.launch({ executablePath, args: FLAGS });
}
