import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { Level } from '#lib/platform/auth/permissions.ts';
import { seedDemo } from '../../scripts/seed.ts';
import { chromiumPath } from '../support/chromium.ts';
import { startApp, type App } from './support/app.ts';
import { hydrated, openBrowser, signIn, type People, type Person } from './support/browser.ts';
import { axeFindings, overflow } from './support/inspect.ts';

const PASSWORD = 'a believable demo firm';
const PHONE = { width: 360, height: 740 };
const DESKTOP = { width: 1280, height: 800 };

let app: App;
let people: People;
let accounts: { email: string; level: Level; title: string }[];

describe.skipIf(!chromiumPath())('a tour of every page', () => {
  beforeAll(async () => {
    app = await startApp();
    ({ accounts } = await seedDemo({ password: PASSWORD }));
    people = await openBrowser(app.origin);
  });

  afterAll(async () => {
    await people?.close();
    await app?.stop();
  });

  afterEach(() => people.assertNoProblems());

  const LISTS = [
    '/',
    '/leads',
    '/clients',
    '/interactions',
    '/queries',
    '/requests',
    '/notifications',
    '/me'
  ];
  const FORMS = [
    ...['/leads/new', '/clients/new', '/queries/new', '/requests/new'],
    ...['/interactions/new', '/interactions/review']
  ];
  const ADMINISTRATION = ['/admin/users', '/admin/teams', '/admin/outbox', '/admin/jobs'];

  describe.each([
    {
      who: 'an administrator',
      title: 'Administrator',
      pages: [...LISTS, ...ADMINISTRATION, ...FORMS],
      records: ['leads', 'clients', 'interactions', 'queries', 'requests'],
      refused: {}
    },
    {
      who: 'a head',
      title: 'Head',
      pages: [...LISTS, ...FORMS],
      records: ['leads', 'clients', 'interactions', 'queries', 'requests'],
      refused: { '/admin/jobs': 403, '/admin/outbox': 403 }
    },
    {
      who: 'an RM',
      title: 'Relationship manager',
      pages: [...LISTS, ...FORMS],
      records: ['leads', 'clients', 'interactions', 'queries', 'requests'],
      refused: { '/admin/outbox': 403, '/admin/jobs': 403 }
    },
    {
      who: 'an ops executive',
      title: 'Operations executive',
      pages: [
        '/',
        '/clients',
        '/interactions',
        '/queries',
        '/requests',
        '/notifications',
        '/me',
        '/requests/new'
      ],
      records: ['clients', 'requests'],
      refused: {
        '/leads': 403,
        '/leads/999999': 403,
        '/leads/new': 403,
        '/clients/new': 403,
        '/admin/jobs': 403
      }
    }
  ])('as $who', ({ title, pages, records, refused }) => {
    test('shows every page whole, on a phone and in the dark', async () => {
      const person = await signedIn(title);
      const addresses = [...pages, ...(await recordsOf(person.page, records))];
      const found: string[] = [];
      for (const address of addresses) found.push(...(await inspected(person.page, address)));
      expect(found).toEqual([]);
      await person.close();
    });

    test('answers what he may not see as not found or forbidden', async () => {
      const person = await signedIn(title);
      person.expects(403);
      person.expects(404);
      const absent = ['/leads/999999', '/clients/999999', '/queries/999999', '/requests/999999', '/nowhere'];
      const expected = { ...Object.fromEntries(absent.map((address) => [address, 404])), ...refused };
      const answered: Record<string, number | undefined> = {};
      for (const address of Object.keys(expected)) {
        answered[address] = (await person.page.goto(address))?.status();
        expect(await person.page.getByRole('heading', { level: 1 }).count(), address).toBe(1);
      }
      expect(answered).toEqual(expected);
      await person.close();
    });
  });

  test('forms work without JavaScript', async () => {
    const { page } = await people.newPerson({ javaScriptEnabled: false });
    const { email } = accounts.find(({ title }) => title === 'Relationship manager') ?? { email: '' };
    await page.goto('/queries/new');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'New query' }).waitFor();
    await page.getByLabel('Client').selectOption({ index: 1 });
    await page.getByLabel('Subject').fill('Where is my statement?');
    await page.getByRole('button', { name: 'Open the query' }).click();
    await page.getByRole('heading', { name: 'Where is my statement?' }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/queries\/\d+$/);
  });

  async function signedIn(title: string): Promise<Person> {
    const account = accounts.find((one) => one.title === title);
    const person = await people.newPerson({ viewport: DESKTOP });
    await signIn(person.page, account?.email ?? `no ${title}`, PASSWORD);
    return person;
  }
});

/** The address of the first record of each list. */
async function recordsOf(page: Page, lists: string[]): Promise<string[]> {
  const addresses: string[] = [];
  for (const list of lists) {
    await page.goto(`/${list}`);
    const link = page.locator(`main a[data-row][href^="/${list}/"]`).first();
    addresses.push((await link.getAttribute('href')) ?? `/${list}/none`);
  }
  return addresses;
}

/** Everything that is wrong with the page: its answer, its width on a phone, and what axe finds in both themes. */
async function inspected(page: Page, address: string): Promise<string[]> {
  await page.setViewportSize(DESKTOP);
  const answer = await page.goto(address);
  await hydrated(page);
  const found = answer?.status() === 200 ? [] : [`answers ${answer?.status()}`];
  found.push(...(await axeFindings(page)));
  await inTheme(page, 'dark');
  found.push(...(await axeFindings(page, ['color-contrast'])).map((finding) => `dark: ${finding}`));
  await inTheme(page, 'light');
  await page.setViewportSize(PHONE);
  const over = await overflow(page);
  if (over) found.push(`too wide on a phone by ${over}`);
  return found.map((finding) => `${address} ${finding}`);
}

async function inTheme(page: Page, colorScheme: 'dark' | 'light'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.waitForFunction((scheme) => document.documentElement.style.colorScheme === scheme, colorScheme);
}
