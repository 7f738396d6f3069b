import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { seedDemo } from '../../scripts/seed.ts';
import { demoAddress } from '../../scripts/seed/people.ts';
import { chromiumPath } from '../support/chromium.ts';
import { startApp, type App } from './support/app.ts';
import { openBrowser, signIn, type People } from './support/browser.ts';
import { visit } from './support/forms.ts';

const PASSWORD = 'a believable demo firm';

let app: App;
let people: People;

describe.skipIf(!chromiumPath())('background work that is late', () => {
  beforeAll(async () => {
    app = await startApp();
    await seedDemo({ password: PASSWORD });
    people = await openBrowser(app.origin);
  });

  afterAll(async () => {
    await people?.close();
    await app?.stop();
  });

  afterEach(() => people.assertNoProblems());

  test('is not told of a new firm, is told while nothing ticks, and no longer when it is made up for', async () => {
    const { page, expects } = await people.newPerson({ viewport: { width: 1280, height: 800 } });
    expects(503);
    await page.clock.install();
    await signIn(page, demoAddress('Meera Iyer'), PASSWORD);
    await page.getByRole('heading', { name: 'The firm today' }).waitFor();
    const notice = page.getByText('Background work is late');
    await notice.waitFor({ state: 'detached' });
    await app.sql`insert into job_runs (schedule, due_at, state)
      select 'clocks.sweep', date_trunc('minute', now()) - interval '20 minutes', 'done'`;
    await visit(page, '/clients');
    await notice.waitFor();
    await Promise.all([
      page.waitForResponse((answer) => answer.url().includes('/readyz') && answer.status() === 503),
      page.clock.runFor(11_000)
    ]);
    await notice.waitFor();
    await app.sql`insert into job_runs (schedule, due_at, state)
      select 'clocks.sweep', date_trunc('minute', now()), 'done'`;
    // The page asks again some seconds after it had its last answer.
    const lookAgain = async () => {
      await page.clock.runFor(11_000);
      return notice.count();
    };
    await expect.poll(lookAgain, { interval: 500 }).toBe(0);
  });
});
