import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { seedDemo } from '../../scripts/seed.ts';
import { demoAddress } from '../../scripts/seed/people.ts';
import { chromiumPath } from '../support/chromium.ts';
import { startApp, type App } from './support/app.ts';
import { openBrowser, signIn, type People } from './support/browser.ts';
import { visit } from './support/forms.ts';

const PASSWORD = 'figures that lead to their rows';
const READERS = ['Meera Iyer', 'Arjun Mehta', 'Farah Khan', 'Kavya Nair', 'Imran Sheikh'];

let app: App;
let people: People;

describe.skipIf(!chromiumPath())('the home page', () => {
  beforeAll(async () => {
    app = await startApp();
    await seedDemo({ password: PASSWORD });
    await app.sql`update mail_outbox set state = case id % 2 when 0 then 'parked' else 'unknown' end
      where id in (select id from mail_outbox order by id limit 5)`;
    await app.sql`insert into job_runs (schedule, due_at, state, attempt, error)
      select 'housekeeping', now() - hours * interval '1 hour', 'failed', 8, 'No room' from unnest(array[0, 5, 1000]) hours`;
    people = await openBrowser(app.origin);
  });

  afterAll(async () => {
    await people?.close();
    await app?.stop();
  });

  test.each(READERS)('leads %s from each figure to as many rows', async (name) => {
    const { page, close } = await people.newPerson();
    await signIn(page, demoAddress(name), PASSWORD);
    let compared = await compare(page);
    // What fell due between the one and the other was counted on one side only.
    if (JSON.stringify(compared.rows) !== JSON.stringify(compared.figures)) compared = await compare(page);
    expect(compared.figures.length).toBeGreaterThan(0);
    expect(compared.rows).toEqual(compared.figures);
    people.assertNoProblems();
    await close();
  });

  test('shows a query and a request of the same id', async () => {
    const [{ id } = { id: 0 }] = await app.sql<[{ id: number }]>`
      select q.id::int as id from queries q join service_requests r using (id)
      where q.status in ('open', 'in_progress') and r.status in ('pending', 'in_progress') limit 1`;
    await app.sql`update queries set due_at = now() - interval '1 year' where id = ${id}`;
    await app.sql`update service_requests set due_at = now() - interval '1 year' where id = ${id}`;
    const { page, close } = await people.newPerson();
    await signIn(page, demoAddress('Meera Iyer'), PASSWORD);
    const due = page.getByRole('table', { name: 'Queries and requests that are due first' });
    await due.locator(`a[href="/queries/${id}"]`).waitFor();
    await due.locator(`a[href="/requests/${id}"]`).waitFor();
    // Coming back draws the rows in the browser.
    await page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: /^Clients/ })
      .click();
    await page.getByRole('heading', { name: 'Clients', level: 1 }).waitFor();
    await page.goBack();
    await due.locator(`a[href="/requests/${id}"]`).waitFor();
    people.assertNoProblems();
    await close();
  });
});

interface Figure {
  text: string;
  href: string;
  count: number;
}

/** What the page counts, and how many rows there are. */
async function compare(page: Page): Promise<Record<'figures' | 'rows', Figure[]>> {
  await visit(page, '/');
  const figures = await figuresOn(page);
  const rows: Figure[] = [];
  for (const { text, href } of figures) rows.push({ text, href, count: await rowsBehind(page, href) });
  return { figures, rows };
}

const COUNTED =
  '(?: (?:quer\\w+|requests?|leads?|overdue|due today|refused|in doubt|failed runs? since yesterday))';

/** Links that are a number of what is behind them: `6 queries`, a whole panel around its number, the label of a bar. */
function figuresOn(page: Page): Promise<Figure[]> {
  return page.locator('main a').evaluateAll((links, counted) => {
    const texts = (link: Element) => {
      if (link.classList.contains('panel'))
        return [/^([\d,]+)$/, link.querySelector('.text-2xl')?.textContent] as const;
      const bar = link.closest('th')?.parentElement;
      if (bar) return [/^([\d,]+)( · .+)?$/, bar.lastElementChild?.textContent] as const;
      return [new RegExp(`^([\\d,]+)${counted}$`), link.textContent] as const;
    };
    return links.flatMap((link) => {
      const [figure, written = ''] = texts(link);
      const text = (written ?? '').trim();
      const count = figure.exec(text)?.[1];
      if (count === undefined) return [];
      return [{ text, href: link.getAttribute('href') ?? '', count: Number(count.replaceAll(',', '')) }];
    });
  }, COUNTED);
}

/** `5 of 12` at the end of a list; an empty one has no such line. */
async function rowsBehind(page: Page, href: string): Promise<number> {
  await visit(page, href);
  const pager = page.locator('main p[aria-live]').filter({ hasText: / of / });
  if ((await pager.count()) === 0) return 0;
  const [, total = ''] = / of ([\d,]+)$/.exec((await pager.innerText()).trim()) ?? [];
  return Number(total.replaceAll(',', ''));
}
