import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { demoAddress } from '../../scripts/seed/people.ts';
import { chromiumPath } from '../support/chromium.ts';
import { mintQuery } from '../support/records.ts';
import { enterPassword, signIn } from './support/browser.ts';
import { app, PASSWORD, people, useDemoApp } from './support/demo-app.ts';
import { attend, open, send, told, visit } from './support/forms.ts';

const [RM, HEAD, ADMINISTRATOR] = ['Kavya Nair', 'Arjun Mehta', 'Meera Iyer'];

let otherOrigin: string;
let queryId: number;

const bell = (page: Page, count: number) =>
  page.getByRole('link', { name: count > 0 ? `Notifications, ${count} unread` : /^Notifications$/ });

describe.skipIf(!chromiumPath())('notifications in browsers', () => {
  useDemoApp();

  beforeAll(async () => {
    otherOrigin = await app.startWeb();
    const [client] = await app.sql<{ id: number; rm: number }[]>`
      select c.id::int as id, c.primary_rm_id::int as rm from clients c join users u on u.id = c.primary_rm_id
      where u.name = ${RM} limit 1`;
    queryId = await mintQuery({ clientId: client?.id ?? 0, rmId: client?.rm ?? 0, subject: 'Where is it?' });
    await app.sql`delete from notifications`;
  });

  const signedIn = async (name: string, origin = app.origin) => {
    const person = await people.newPerson({ baseURL: origin });
    await signIn(person.page, demoAddress(name), PASSWORD);
    return person;
  };

  const mention = (page: Page, words: string) => comment(page, `@${RM} ${words}`);

  async function comment(page: Page, words: string) {
    await visit(page, `/queries/${queryId}`);
    await page.getByLabel('New comment').fill(words);
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    await told(page, 'Comment added');
  }

  test('what one web process writes arrives live at a browser of another, and reading it at every browser', async () => {
    const head = await signedIn(HEAD);
    const rm = await signedIn(RM, otherOrigin);
    const elsewhere = await signedIn(RM);
    const tab = await rm.context.newPage();
    await visit(tab, '/clients');
    await bell(rm.page, 0).waitFor();

    await Promise.all([told(rm.page, `${HEAD} mentioned you`), mention(head.page, 'please look at this')]);
    for (const page of [rm.page, tab, elsewhere.page]) await bell(page, 1).waitFor();

    await bell(tab, 1).click();
    await tab.getByRole('menuitem', { name: 'Mark all read' }).click();
    for (const page of [rm.page, tab, elsewhere.page]) await bell(page, 0).waitFor();
    await Promise.all([head.close(), rm.close(), elsewhere.close()]);
  });

  test('what was told before a page listened is there once it does', async () => {
    const head = await signedIn(HEAD);
    const rm = await signedIn(RM);
    const { promise, resolve } = Promise.withResolvers<void>();
    await rm.context.route('/api/live', async (route) => {
      await promise;
      await route.continue();
    });
    await visit(rm.page, '/clients');
    await mention(head.page, 'before you listened');
    await bell(rm.page, 0).waitFor();
    resolve();
    await bell(rm.page, 1).click();
    await rm.page.getByRole('menuitem', { name: 'Mark all read' }).click();
    await bell(rm.page, 0).waitFor();
    await Promise.all([head.close(), rm.close()]);
  });

  test('looking at a record reads what was told of it, and muting it keeps it quiet for that person alone', async () => {
    const administrator = await signedIn(ADMINISTRATOR);
    const head = await signedIn(HEAD);
    const rm = await signedIn(RM);
    await mention(head.page, 'once more');
    await bell(rm.page, 1).waitFor();
    await bell(rm.page, 1).click();
    await rm.page.getByRole('menuitem', { name: /mentioned you/ }).click();
    await rm.page.waitForURL(new RegExp(`/queries/${queryId}$`));
    await bell(rm.page, 0).waitFor();

    await rm.page.getByRole('button', { name: 'Mute this query' }).click();
    await rm.page.getByRole('button', { name: /hear of this query again/ }).waitFor();
    await attend(head.page, '/clients');
    await comment(administrator.page, 'Nobody is named here');
    // Who commented before hears of it; who has the query would, too.
    await bell(head.page, 1).waitFor();
    await visit(rm.page, '/notifications?show=unread');
    await rm.page.getByText('Nothing unread').waitFor();
    expect(await toldOf('Nobody is named here')).toEqual([HEAD]);

    await visit(rm.page, '/me/notifications');
    await rm.page.getByRole('link', { name: /Where is it/ }).waitFor();
    await rm.page.getByRole('button', { name: 'Unmute' }).click();
    await rm.page.getByText('Nothing is muted').waitFor();
    await comment(administrator.page, 'Nor here');
    await bell(rm.page, 1).waitFor();
    expect(await toldOf('Nor here')).toEqual([HEAD, RM]);
    await Promise.all([administrator.close(), head.close(), rm.close()]);
  });

  test('choices, reading and muting work without JavaScript', async () => {
    await app.sql`insert into notifications (key, user_id, kind, subject_kind, subject_id, title, reason)
      select 'plain', id, 'merged', 'query', ${queryId}, 'Told without script', 'You are in this test'
      from users where name = ${RM}`;
    const person = await people.newPerson({ javaScriptEnabled: false });
    const { page } = person;
    await open(page, '/login');
    await enterPassword(page, demoAddress(RM), PASSWORD);
    await page.waitForURL((url) => url.pathname !== '/login');

    await open(page, '/notifications?show=unread');
    await page.getByLabel('Choose: Told without script').check();
    await send(page.getByRole('button', { name: 'Mark read', exact: true }));
    await open(page, '/notifications?show=unread');
    expect(await page.getByText('Told without script').count()).toBe(0);

    await open(page, `/queries/${queryId}`);
    await send(page.getByRole('button', { name: 'Mute this query' }));
    await page.waitForURL(new RegExp(`/queries/${queryId}$`));
    await page.getByRole('button', { name: /hear of this query again/ }).waitFor();

    await open(page, '/me/notifications');
    await page.getByLabel('Mentions').selectOption('none');
    await send(page.getByRole('button', { name: 'Save choices' }));
    await open(page, '/me/notifications');
    expect(await page.getByLabel('Mentions').inputValue()).toBe('none');
    await page.getByLabel('Send me a morning digest').check();
    await send(page.getByRole('button', { name: 'Save digests' }));
    await open(page, '/me/notifications');
    expect(await page.getByLabel('Send me a morning digest').isChecked()).toBe(true);
    await person.close();
  });

  /** Who has a notification with these words. */
  async function toldOf(words: string): Promise<string[]> {
    const rows = await app.sql<{ name: string }[]>`select u.name from notifications n
      join users u on u.id = n.user_id where n.body = ${words} order by u.name`;
    return rows.map(({ name }) => name);
  }
});
