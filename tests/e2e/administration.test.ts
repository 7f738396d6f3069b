import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { seedDemo } from '../../scripts/seed.ts';
import { demoAddress } from '../../scripts/seed/people.ts';
import { chromiumPath } from '../support/chromium.ts';
import { until } from '../support/until.ts';
import { startApp, type App } from './support/app.ts';
import { enterPassword, openBrowser, signIn, type People } from './support/browser.ts';
import { answerTo, attend, bellOf, choose, pathOf, visit } from './support/forms.ts';
import { axeFindings } from './support/inspect.ts';
import { readLetter } from './support/letters.ts';

const PASSWORD = 'a believable demo firm';
const ZOYA = {
  name: 'Zoya Kapoor',
  email: 'zoya.kapoor@banyan.example',
  password: 'seven green parrots sing'
};
const DESKTOP = { width: 1280, height: 800 };
const MAIL_MS = 60_000;

let app: App;
let people: People;
let meera: Page;
let arjun: Page;
let zoya: Page;
/** Addresses of what comes to be on the way. */
let account = '';
let link = '';
let role = '';

describe.skipIf(!chromiumPath())('running the firm', () => {
  beforeAll(async () => {
    app = await startApp();
    await seedDemo({ password: PASSWORD });
    people = await openBrowser(app.origin);
    await app.startWorker('mails');
    meera = await signedIn('Meera Iyer');
    arjun = await signedIn('Arjun Mehta');
  });

  afterAll(async () => {
    await people?.close();
    await app?.stop();
  });

  afterEach(() => people.assertNoProblems());

  test('the administrator invites a user, who gets a mail', async () => {
    await visit(meera, '/admin/users');
    await meera.getByRole('link', { name: 'Invite a user' }).click();
    await meera.getByRole('textbox', { name: 'Name', exact: true }).fill(ZOYA.name);
    await meera.getByRole('textbox', { name: 'E-mail' }).fill(ZOYA.email);
    await meera.getByLabel('Role').selectOption({ label: 'Relationship manager (executive)' });
    await meera.getByRole('checkbox', { name: /Mumbai relationships/ }).check();
    await meera.getByRole('button', { name: 'Send the invitation' }).click();
    await meera.waitForURL(/\/admin\/users\/\d+$/);
    account = pathOf(meera);
    link = await until(() => lastLinkTo(ZOYA.email), MAIL_MS);
    await visit(meera, account);
    await meera.getByText('Invited', { exact: true }).first().waitFor();
  });

  test('the invited person sets a password by the link, which works once', async () => {
    const person = await people.newPerson({ viewport: DESKTOP });
    zoya = person.page;
    await visit(zoya, link);
    await zoya.getByRole('heading', { name: `Welcome, ${ZOYA.name}` }).waitFor();
    expect(await axeFindings(zoya)).toEqual([]);
    await zoya.getByLabel('Password').fill('short');
    await zoya.getByRole('button', { name: 'Set password and sign in' }).click();
    await zoya
      .getByText(/at least \d+ characters/i)
      .first()
      .waitFor();
    await zoya.getByLabel('Password').fill(ZOYA.password);
    await zoya.getByRole('button', { name: 'Set password and sign in' }).click();
    await zoya.waitForURL((url) => url.pathname === '/');
    await zoya.getByRole('heading', { name: 'My work today' }).waitFor();
    const stranger = await people.newPerson({ viewport: DESKTOP });
    expect(await answerTo(stranger.page, link), 'used up').toBe(404);
    await signIn(stranger.page, ZOYA.email, ZOYA.password);
    await stranger.close();
    await visit(meera, account);
    await meera.getByText('Active', { exact: true }).first().waitFor();
  });

  test('a role of the firm’s own takes something away, and the preview shows it before anybody has it', async () => {
    await visit(meera, '/admin/roles');
    await meera.getByRole('link', { name: 'Relationship manager' }).click();
    await meera.getByRole('link', { name: 'Copy' }).click();
    await meera.getByRole('textbox', { name: 'Name', exact: true }).fill('Trainee');
    await meera.locator('[name="grants.leads.create"]').selectOption({ label: 'No' });
    await meera.locator('[name="grants.queries.view"]').selectOption({ label: 'No' });
    await meera.getByRole('button', { name: 'Add role' }).click();
    await meera.waitForURL(/\/admin\/roles\/\d+$/);
    role = pathOf(meera);

    await meera.getByRole('link', { name: 'Preview' }).click();
    await meera.getByLabel('Team').selectOption({ label: 'Mumbai relationships' });
    await meera.getByRole('button', { name: 'Look' }).last().click();
    await meera.getByRole('heading', { name: 'Queries', level: 2 }).first().waitFor();
    await meera.getByText('The role does not open these pages.').waitFor();
    expect(await axeFindings(meera)).toEqual([]);
  });

  test('whoever is given the role works within it at once', async () => {
    await visit(zoya, '/leads');
    const navigation = zoya.getByRole('navigation', { name: 'Main' });
    await zoya.getByRole('link', { name: 'New lead' }).waitFor();
    await navigation.getByRole('link', { name: /^Queries/ }).waitFor();
    await visit(meera, account);
    await meera.getByRole('link', { name: 'Edit', exact: true }).click();
    await meera.getByLabel('Role').selectOption({ label: 'Trainee (executive)' });
    await meera.getByRole('button', { name: /^Save/ }).click();
    await meera.waitForURL((url) => url.pathname === account);
    await visit(zoya, '/leads');
    expect(await zoya.getByRole('link', { name: 'New lead' }).count()).toBe(0);
    expect(await navigation.getByRole('link', { name: /^Queries/ }).count()).toBe(0);
    expect(await answerTo(zoya, '/leads/new')).toBe(403);
    expect(await answerTo(zoya, '/queries')).toBe(403);
    await visit(meera, role);
    await meera.getByText(ZOYA.name).waitFor();
  });

  test('a head sees what a handover would do, carries it out, and undoes it', async () => {
    const sneha = await idOf('Sneha Kulkarni');
    const rohan = await signedIn('Rohan Desai');
    const before = await holdingsOf();
    await attend(rohan, '/');
    const quiet = await bellOf(rohan);
    await visit(arjun, `/handovers/new?from=${sneha}`);
    await arjun
      .getByLabel('Takes over', { exact: true })
      .selectOption({ label: 'Rohan Desai, Mumbai relationships' });
    for (const box of await arjun.getByRole('group', { name: 'What' }).getByRole('checkbox').all())
      await box.check();
    await arjun.getByRole('button', { name: 'Show what would happen' }).click();
    await arjun.getByRole('heading', { name: /What would pass/ }).waitFor();
    expect(await holdingsOf(), 'only shown').toEqual(before);
    await arjun.getByRole('textbox', { name: 'Note' }).fill('Maternity leave');
    await arjun.getByRole('button', { name: /^Hand over \d+$/ }).click();
    await arjun.waitForURL(/\/handovers\/\d+$/);
    await arjun.getByText('Maternity leave').first().waitFor();
    const after = await holdingsOf();
    expect(after['Sneha Kulkarni'] ?? 0).toBe(0);
    expect(after['Rohan Desai']).toBe((before['Rohan Desai'] ?? 0) + (before['Sneha Kulkarni'] ?? 0));
    await expect.poll(() => bellOf(rohan)).not.toBe(quiet);
    await attend(rohan, '/notifications');
    await rohan.getByRole('link', { name: /of Sneha Kulkarni are with you now/ }).waitFor();

    await arjun.getByRole('button', { name: 'Undo this handover' }).click();
    expect(await arjun.getByText(/^Undone by/).textContent()).toMatch(
      /^Undone by Arjun Mehta: \d+ given back$/
    );
    expect(await holdingsOf()).toEqual(before);
    await arjun.getByRole('button', { name: 'Undo this handover' }).waitFor({ state: 'detached' });
    await rohan.getByRole('link', { name: /from Sneha Kulkarni was undone/ }).waitFor();
  });

  test('nobody leaves with open work, and is out at once when it is handed over', async () => {
    const vikram = await signedIn('Vikram Shetty');
    const before = await holdingsOf();
    await visit(meera, `/admin/users/${await idOf('Vikram Shetty')}`);
    await meera.getByRole('link', { name: 'Deactivate' }).click();
    await meera.getByRole('button', { name: 'Hand over and deactivate' }).click();
    await meera.getByRole('alert').first().waitFor();
    expect(await holdingsOf(), 'refused').toEqual(before);
    await choose(meera, /Takes over everything/, 'Ananya Reddy');
    await meera.getByRole('button', { name: 'Hand over and deactivate' }).click();
    await meera.waitForURL(/\/admin\/users\/\d+$/);
    await meera.getByText('Deactivated', { exact: true }).first().waitFor();
    const after = await holdingsOf();
    expect(after['Ananya Reddy']).toBe((before['Ananya Reddy'] ?? 0) + (before['Vikram Shetty'] ?? 0));

    // The open page learns that the session is over and leaves by itself.
    await vikram.waitForURL((url) => url.pathname === '/login');
    await visit(vikram, '/clients');
    expect(pathOf(vikram)).toBe('/login');
    await enterPassword(vikram, demoAddress('Vikram Shetty'), PASSWORD);
    await vikram.getByRole('alert').waitFor();
    expect(pathOf(vikram)).toBe('/login');
  });

  test('the audit trail tells all of it', async () => {
    await visit(meera, '/admin/audit?kind=handover');
    await meera.getByRole('row').filter({ hasText: 'Arjun Mehta' }).first().waitFor();
    await visit(meera, '/admin/audit?action=preview');
    await meera.getByRole('row').filter({ hasText: 'Meera Iyer' }).first().waitFor();
    await visit(meera, `/admin/audit?kind=user&q=${account.split('/').at(-1)}&action=update`);
    const row = meera.getByRole('row').filter({ hasText: /Role/ }).first();
    await row.getByRole('link').first().click();
    await meera.waitForURL(/\/admin\/audit\/\d+$/);
    await meera.getByText('Trainee').first().waitFor();
    await meera.getByText('Relationship manager').first().waitFor();
    await visit(meera, '/admin/audit?action=sign_in_failed');
    await meera.getByRole('row').nth(1).waitFor();
    expect(await answerTo(arjun, '/admin/audit'), 'for administrators').toBe(403);
  });

  async function signedIn(name: string): Promise<Page> {
    const person = await people.newPerson({ viewport: DESKTOP });
    await signIn(person.page, demoAddress(name), PASSWORD);
    return person.page;
  }

  function lastLinkTo(address: string): string | undefined {
    const mail = app.smtp.received.map(readLetter).findLast(({ to }) => to === address);
    return mail && /https?:\/\/\S+\/invite\/\S+/.exec(mail.text)?.[0];
  }

  async function idOf(name: string): Promise<number> {
    const [user] = await app.sql<{ id: number }[]>`select id from users where name = ${name}`;
    return user?.id ?? 0;
  }

  /** How many clients each person looks after first. */
  async function holdingsOf(): Promise<Record<string, number>> {
    const rows = await app.sql<{ name: string; count: number }[]>`select u.name, count(*)::int as count
      from clients c join users u on u.id = c.primary_rm_id group by u.name order by u.name`;
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  }
});
