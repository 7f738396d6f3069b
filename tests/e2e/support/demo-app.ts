import { afterAll, afterEach, beforeAll } from 'vitest';
import { seedDemo } from '../../../scripts/seed.ts';
import { startApp, type App } from './app.ts';
import { openBrowser, type People } from './browser.ts';

/** What everybody of the demo firm signs in with. */
export const PASSWORD = 'a believable demo firm';

export let app: App;
export let people: People;

/**
 * Gives the `describe` that calls this first the app with the demo firm in it and a browser, from before its first
 * test until after its last; nobody has a notification yet. A test fails when anything went wrong on a page.
 */
export function useDemoApp(): void {
  beforeAll(async () => {
    app = await startApp();
    await seedDemo({ password: PASSWORD });
    // What the firm's past rang would stand in for what a test waits for.
    await app.sql`delete from notifications`;
    people = await openBrowser(app.origin);
  });

  afterAll(async () => {
    await people?.close();
    await app?.stop();
  });

  afterEach(() => people.assertNoProblems());
}
