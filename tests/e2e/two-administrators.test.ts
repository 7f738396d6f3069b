import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { seedDemo } from '../../scripts/seed.ts';
import { demoAddress } from '../../scripts/seed/people.ts';
import { chromiumPath } from '../support/chromium.ts';
import { startApp, type App } from './support/app.ts';
import { hydrated, openBrowser, signIn, type People, type Person } from './support/browser.ts';
import { focused, open, pathOf, send, told, visit } from './support/forms.ts';

const PASSWORD = 'a firm with two administrators';
const [FIRST, SECOND] = ['Meera Iyer', 'Farah Khan'];

let app: App;
let people: People;
let first: Page;
let second: Page;
/** The second administrator where scripts are switched off. */
let plain: Person;

describe.skipIf(!chromiumPath())('two administrators at the same', () => {
  beforeAll(async () => {
    app = await startApp();
    await seedDemo({ password: PASSWORD });
    await app.sql`update users set role_id = (select role_id from users where name = ${FIRST}) where name = ${SECOND}`;
    people = await openBrowser(app.origin);
    first = (await signedIn(FIRST)).page;
    const other = await signedIn(SECOND);
    second = other.page;
    plain = await people.newPerson({
      javaScriptEnabled: false,
      storageState: await other.context.storageState()
    });
  });

  afterAll(async () => {
    await people?.close();
    await app?.stop();
  });

  afterEach(() => people.assertNoProblems());

  describe('policy', () => {
    let policy = '';

    test('are both shown what the other says, and who saves over it looks first', async () => {
      await visit(first, '/admin/policies/new?kind=request');
      await first.getByRole('textbox', { name: 'Name' }).fill('Two at once');
      // What it matches is said of each change, so that each is asked about.
      await first.getByLabel('Client tag').fill('nobody has it');
      await within(first).fill('2');
      await first.getByRole('button', { name: 'Add the policy' }).click();
      await agree(first);
      await first.waitForURL(/\/admin\/policies\/\d+$/);
      policy = pathOf(first);
      await visit(second, policy);
      await hydrated(first);

      await within(first).fill('6');
      await step(first, 3).getByRole('button', { name: 'Remove this step' }).click();
      await step(first, 3).waitFor({ state: 'detached' });
      await first.getByRole('button', { name: 'Save', exact: true }).click();
      await agree(first);
      await told(first, 'The policy is saved');

      await step(second, 1).getByLabel('When').fill('50');
      await step(second, 2).getByRole('button', { name: 'Remove this step' }).click();
      // What is below moves up with it.
      await step(second, 3).waitFor({ state: 'detached' });
      await resolution(second).getByRole('button', { name: 'Add a step' }).click();
      await step(second, 3).getByLabel('When').fill('90');
      await step(second, 3).getByLabel('Tell').selectOption({ label: 'The administrators' });
      await second.getByRole('button', { name: 'Save', exact: true }).click();
      await conflict(second, FIRST).waitFor();
      expect(await sides(conflict(second, FIRST))).toEqual([
        [
          'Resolution in 6 working hours',
          'Resolution: At 75 % of the time tell the assignee',
          'Resolution: When it is due tell the head of the team'
        ],
        [
          'Resolution in 2 working hours',
          'Resolution: At 50 % of the time tell the assignee',
          'Resolution: 4 working hours overdue tell the administrators',
          'Resolution: At 90 % of the time tell the administrators'
        ]
      ]);

      await second.getByRole('button', { name: 'Save mine' }).click();
      // Far below what was pressed.
      const effect = second.locator('#effect');
      await effect.getByText('Nothing is saved yet').waitFor();
      await focused(effect);
      await visit(first, policy);
      expect(await within(first).inputValue()).toBe('6');
      await agree(second);
      await told(second, 'The policy is saved');
      await visit(first, policy);
      expect(await within(first).inputValue()).toBe('2');
      expect(await steps(first)).toEqual(['50', '90', '4']);
    });

    test('takes what the other saved, without being asked twice', async () => {
      await visit(second, policy);
      await within(first).fill('7');
      await first.getByRole('button', { name: 'Save', exact: true }).click();
      await agree(first);
      await told(first, 'The policy is saved');
      await within(second).fill('9');
      await second.getByRole('button', { name: 'Save', exact: true }).click();
      await second.getByRole('link', { name: 'Take theirs' }).click();
      await conflict(second, FIRST).waitFor({ state: 'detached' });
      await hydrated(second);
      await expect.poll(() => within(second).inputValue()).toBe('7');
    });

    test('see the same without JavaScript', async () => {
      const { page, expects } = plain;
      expects(409);
      await open(page, policy);
      await visit(first, policy);
      await within(first).fill('8');
      await first.getByRole('button', { name: 'Save', exact: true }).click();
      await agree(first);
      await told(first, 'The policy is saved');

      await step(page, 2).getByLabel('Tell', { exact: true }).selectOption({ label: 'Nobody: no step' });
      await send(page.getByRole('button', { name: 'Save', exact: true }));
      await conflict(page, FIRST).waitFor();
      expect(await sides(conflict(page, FIRST))).toEqual([
        ['Resolution in 8 working hours', 'Resolution: At 90 % of the time tell the administrators'],
        ['Resolution in 7 working hours']
      ]);
      await send(page.getByRole('button', { name: 'Save', exact: true }));
      await page.getByRole('link', { name: 'See what it would do, and save it there' }).waitFor();
      await agree(page);
      await page.getByText('Version 5').first().waitFor();
      expect(await within(page).inputValue()).toBe('7');
      await visit(first, policy);
      expect(await steps(first)).toEqual(['50', '4']);
    });
  });

  describe('calendar', () => {
    let calendar = '';

    test('are shown the week of both', async () => {
      await visit(first, '/admin/calendars/new');
      await first.getByRole('textbox', { name: 'Name' }).fill('Two at once');
      await first.getByRole('button', { name: 'Add the calendar' }).click();
      await first.waitForURL(/\/admin\/calendars\/\d+$/);
      calendar = pathOf(first);
      await visit(second, calendar);
      await open(plain.page, calendar);
      await hydrated(first);
      await saveSaturday(first, '10:00-12:00');
      await told(first, 'Hours saved');

      await saveSaturday(second, '10:00-14:00');
      const notice = conflict(second, FIRST);
      await notice.getByRole('row', { name: 'Saturday 10:00-12:00 10:00-14:00' }).waitFor();
      await notice.getByRole('button', { name: 'Save mine' }).click();
      await told(second, 'Hours saved');
    });

    test('without JavaScript, too', async () => {
      const { page } = plain;
      await saveSaturday(page, '11:00-15:00');
      const notice = conflict(page, SECOND);
      await notice.getByRole('row', { name: 'Saturday 10:00-14:00 11:00-15:00' }).waitFor();
      await send(page.getByRole('button', { name: 'Save hours' }));
      expect(await notice.count()).toBe(0);
      await visit(first, calendar);
      expect(await first.getByLabel('Saturday').inputValue()).toBe('11:00-15:00');
    });

    test('and the day that both enter', async () => {
      for (const page of [first, second]) await visit(page, `${calendar}?year=2027`);
      await enterDay(first, 'Founder’s day');
      await enterDay(second, 'Firm closed');
      await first.getByRole('button', { name: 'Add the day' }).click();
      await told(first, 'The day is added');
      await second.getByRole('button', { name: 'Add the day' }).click();
      const row = conflict(second, FIRST).getByRole('row', { name: /What day it is/ });
      await row.getByText('Founder’s day').waitFor();
      await row.getByText('Firm closed').waitFor();
    });
  });

  async function signedIn(name: string): Promise<Person> {
    const person = await people.newPerson({ viewport: { width: 1280, height: 900 } });
    await signIn(person.page, demoAddress(name), PASSWORD);
    return person;
  }
});

const resolution = (page: Page) => page.getByRole('group', { name: 'Resolution', exact: true });
const within = (page: Page) => resolution(page).getByLabel('Within');
const step = (page: Page, place: number) =>
  page.getByRole('group', { name: `Resolution, step ${place}`, exact: true });

/** The notice that shows both versions. */
const conflict = (page: Page, whose: string) =>
  page.getByRole('alert').filter({ hasText: `${whose} saved this while you were editing` });

/** When each step of the ladder comes, as the numbers say it. */
async function steps(page: Page): Promise<string[]> {
  const fields = await resolution(page).getByLabel('When').all();
  return Promise.all(fields.map((field) => field.inputValue()));
}

async function agree(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save and recompute' }).click();
}

/** What the other's version says alone, and what one's own does. */
async function sides(notice: Locator): Promise<string[][]> {
  const lists = await notice.getByRole('list').all();
  return Promise.all(lists.map((list) => list.getByRole('listitem').allInnerTexts()));
}

async function saveSaturday(page: Page, hours: string): Promise<void> {
  await page.getByLabel('Saturday').fill(hours);
  await page.getByRole('button', { name: 'Save hours' }).click();
}

async function enterDay(page: Page, name: string): Promise<void> {
  await page.getByLabel(/^Date/).fill('2027-01-04');
  await page.getByLabel('What day it is').fill(name);
}
