import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { demoAddress } from '../../scripts/seed/people.ts';
import { chromiumPath } from '../support/chromium.ts';
import { mintQuery } from '../support/records.ts';
import { hydrated, signIn } from './support/browser.ts';
import { app, PASSWORD, people, useDemoApp } from './support/demo-app.ts';

const [RM, HEAD] = ['Kavya Nair', 'Arjun Mehta'];

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
    await hydrated(person.page);
    return person;
  };

  async function mention(page: Page, words: string) {
    await page.goto(`/queries/${queryId}`);
    await hydrated(page);
    await page.getByLabel('New comment').fill(`@${RM} ${words}`);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    await page.getByText(words).first().waitFor();
  }

  test('what one web process writes arrives live at a browser of another, and reading it at every browser', async () => {
    const head = await signedIn(HEAD);
    const rm = await signedIn(RM, otherOrigin);
    const elsewhere = await signedIn(RM);
    const tab = await rm.context.newPage();
    await tab.goto('/clients');
    await bell(rm.page, 0).waitFor();

    await mention(head.page, 'please look at this');
    await rm.page.getByText(`${HEAD} mentioned you`).first().waitFor();
    for (const page of [rm.page, tab, elsewhere.page]) await bell(page, 1).waitFor();

    await bell(tab, 1).click();
    await tab.getByRole('menuitem', { name: 'Mark all read' }).click();
    for (const page of [rm.page, tab, elsewhere.page]) await bell(page, 0).waitFor();
    await Promise.all([head.close(), rm.close(), elsewhere.close()]);
  });

  test('looking at a record reads what was told of it, and muting it keeps it quiet', async () => {
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
    await rm.page.goto('/me/notifications');
    await rm.page.getByRole('link', { name: /Where is it/ }).waitFor();
    await rm.page.getByRole('button', { name: 'Unmute' }).click();
    await rm.page.getByText('Nothing is muted').waitFor();
    await Promise.all([head.close(), rm.close()]);
  });

  test('choices, reading and muting work without JavaScript', async () => {
    await app.sql`insert into notifications (key, user_id, kind, subject_kind, subject_id, title, reason)
      select 'plain', id, 'merged', 'query', ${queryId}, 'Told without script', 'You are in this test'
      from users where name = ${RM}`;
    const person = await people.newPerson({ javaScriptEnabled: false });
    const { page } = person;
    await page.goto('/login');
    await page.getByLabel('E-mail').fill(demoAddress(RM));
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL((url) => url.pathname !== '/login');

    await page.goto('/notifications?show=unread');
    await page.getByLabel('Choose: Told without script').check();
    await page.getByRole('button', { name: 'Mark read', exact: true }).click();
    await page.goto('/notifications?show=unread');
    expect(await page.getByText('Told without script').count()).toBe(0);

    await page.goto(`/queries/${queryId}`);
    await page.getByRole('button', { name: 'Mute this query' }).click();
    await page.waitForURL(new RegExp(`/queries/${queryId}$`));
    await page.getByRole('button', { name: /hear of this query again/ }).waitFor();

    await page.goto('/me/notifications');
    await page.getByLabel('Mentions').selectOption('none');
    await page.getByRole('button', { name: 'Save choices' }).click();
    await page.goto('/me/notifications');
    expect(await page.getByLabel('Mentions').inputValue()).toBe('none');
    await page.getByLabel('Send me a morning digest').check();
    await page.getByRole('button', { name: 'Save digests' }).click();
    await page.goto('/me/notifications');
    expect(await page.getByLabel('Send me a morning digest').isChecked()).toBe(true);
    await person.close();
  });
});
