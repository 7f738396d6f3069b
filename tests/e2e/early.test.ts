import { describe, expect, test } from 'vitest';
import type { BrowserContext, Page } from 'playwright-core';
import { demoAddress } from '../../scripts/seed/people.ts';
import { chromiumPath } from '../support/chromium.ts';
import { hydrated, signIn } from './support/browser.ts';
import { PASSWORD, people, useDemoApp } from './support/demo-app.ts';

/** Forms with every kind of control between them. */
const FORMS = [
  '/admin/calendars/new',
  '/admin/policies/new',
  '/admin/request-types/new',
  '/admin/settings',
  '/admin/users/new',
  '/catalogue/new',
  '/clients/new',
  '/handovers/new',
  '/interactions/new',
  '/leads/new',
  '/me/notifications',
  '/queries/new',
  '/requests/new'
];

/** Offered by the script only where what else was chosen has a use for them. */
const DEPENDENT = ['guardianName', 'panHolder', 'queryId', 'requestId', 'leadId', 'missed'];

describe.skipIf(!chromiumPath())('what is entered while a page still loads', () => {
  useDemoApp();

  test.for(FORMS)('is still there when its script has come: %s', async (address) => {
    const { page, context, close } = await people.newPerson();
    await signIn(page, demoAddress('Meera Iyer'), PASSWORD);
    const release = await holdScripts(context);
    await page.goto(address, { waitUntil: 'domcontentloaded' });
    await enterEverywhere(page);
    const entered = await sentBy(page);
    expect(entered.length).toBeGreaterThan(0);
    release();
    await hydrated(page);
    // A typeahead takes the place of its plain list once its own script is there, and may lose what that had.
    const plain = page.locator('main [role=combobox]:not([aria-autocomplete])');
    await expect.poll(() => plain.count()).toBe(0);
    await expect.poll(async () => lostOf(entered, await sentBy(page))).toEqual([]);
    await close();
  });

  test('filters a list when its script has come', async () => {
    const { page, context, close } = await people.newPerson();
    await signIn(page, demoAddress('Meera Iyer'), PASSWORD);
    const release = await holdScripts(context);
    await page.goto('/leads', { waitUntil: 'domcontentloaded' });
    await page.getByRole('searchbox', { name: 'Search leads' }).fill('Me');
    await page.getByLabel('Status').selectOption({ index: 1 });
    const status = await page.getByLabel('Status').inputValue();
    await page.getByText('More filters').click();
    await page.getByLabel('Product').selectOption({ index: 1 });
    const product = await page.getByLabel('Product').inputValue();
    release();
    await page.waitForURL(({ searchParams }) =>
      [
        searchParams.get('q') === 'Me',
        searchParams.get('status') === status,
        searchParams.get('product') === product
      ].every(Boolean)
    );
    await close();
  });

  test('into a search is not set back by the answer to what was typed before', async () => {
    const { page, context, close } = await people.newPerson();
    await signIn(page, demoAddress('Meera Iyer'), PASSWORD);
    await page.goto('/clients');
    await hydrated(page);
    const { promise, resolve } = Promise.withResolvers<void>();
    await context.route(
      (url) => url.searchParams.get('q') === 'Me',
      async (route) => {
        await promise;
        await route.continue();
      }
    );
    const search = page.getByRole('searchbox', { name: 'Search clients' });
    const asked = page.waitForRequest((request) => new URL(request.url()).searchParams.get('q') === 'Me');
    await search.pressSequentially('Me');
    await asked;
    await search.press('h');
    resolve();
    await page.waitForURL(({ searchParams }) => searchParams.get('q') === 'Meh');
    expect(await search.inputValue()).toBe('Meh');
    await page.goBack();
    await expect.poll(() => search.inputValue()).not.toBe('Meh');
    await close();
  });
});

/** Keeps the scripts of the next page back until the answer is called. */
async function holdScripts(context: BrowserContext): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const isScript = (url: URL) => url.pathname.endsWith('.js');
  await context.route(isScript, async (route) => {
    await promise;
    await route.continue();
  });
  return resolve;
}

/** Gives every control of the page's forms another value than it has. */
const enterEverywhere = (page: Page): Promise<void> =>
  page.locator('main :is(input, select, textarea):enabled').evaluateAll((controls) => {
    for (const control of controls) {
      if (control instanceof HTMLSelectElement) control.selectedIndex = control.options.length - 1;
      else if (control instanceof HTMLTextAreaElement) control.value = 'Entered early';
      else if (control instanceof HTMLInputElement) enter(control);
    }

    function enter(input: HTMLInputElement) {
      if (input.type === 'checkbox' || input.type === 'radio') input.checked = !input.checked;
      else if (input.type === 'date') input.value = '2027-03-01';
      else if (input.type === 'datetime-local') input.value = '2027-03-01T10:15';
      else if (input.type === 'time') input.value = '07:45';
      else if (input.type === 'number') input.value = '7';
      else if (input.type === 'text' || input.type === 'email') input.value = 'early@example.com';
    }
  });

/** What would no longer be sent, but for fields that what else was chosen takes away. */
const lostOf = (entered: string[], now: string[]): string[] =>
  entered.filter((field) => !now.includes(field) && !DEPENDENT.some((name) => field.startsWith(`${name}=`)));

/** What the forms of the page would send, but for what nobody enters. */
const sentBy = (page: Page): Promise<string[]> =>
  page.locator('main form').evaluateAll((forms) =>
    forms.flatMap((form) => {
      return [...new FormData(form as HTMLFormElement)].map(
        ([name, value]) => `${name}=${typeof value === 'string' ? value : value.name}`
      );
    })
  );
