import { beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { chromiumPath } from '../support/chromium.ts';
import { until } from '../support/until.ts';
import { letStretchLast, promiseTwoHours, sweep, tellings } from './support/ageing.ts';
import { app, PASSWORD, people, useDemoApp } from './support/demo-app.ts';
import { answerTo, choose, pathOf, told, visit } from './support/forms.ts';
import { readLetter } from './support/letters.ts';
import { askForBankChange, atDesk, hears } from './support/office.ts';

const MAIL_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
const NEWCOMER = 'nadia.rahman@banyan.example';

/** The RM, the ops executive who has her requests, a colleague of his, the head of both, and the administrator. */
let kavya: Page;
let imran: Page;
let pooja: Page;
let farah: Page;
let meera: Page;
/** An RM who has nothing to do with any of it. */
let rohan: Page;

interface Request {
  id: number;
  number: string;
  page: string;
}

describe.skipIf(!chromiumPath())('what is out of the ordinary', () => {
  useDemoApp();

  beforeAll(async () => {
    await promiseTwoHours(app.sql, 'Bank change');
    await app.sql`update policy_steps set tell = 'assignee' where key = 'breach' and policy_version_id =
      (select v.id from policy_versions v join policies p on p.id = v.policy_id where p.key = 'two-hours')`;
    // Other people's work would be told of in the same messages.
    await app.sql`delete from clocks`;
    await app.startWorker('exceptions');
    kavya = await atDesk(people, 'Kavya Nair', PASSWORD);
    imran = await atDesk(people, 'Imran Sheikh', PASSWORD);
    pooja = await atDesk(people, 'Pooja Verma', PASSWORD);
    farah = await atDesk(people, 'Farah Khan', PASSWORD);
    meera = await atDesk(people, 'Meera Iyer', PASSWORD);
    rohan = await atDesk(people, 'Rohan Desai', PASSWORD);
  });

  test('a promise that is broken waits until a chosen time, for a reason, and goes on after it', async () => {
    const { id, number, page } = await requestOfImran();
    await letStretchLast(app.sql, id, 125);
    await sweep(app.sql);
    await hears(imran, `${number} is overdue`);
    const before = [
      ['warning', 'Imran Sheikh'],
      ['breach', 'Imran Sheikh']
    ];
    expect(await tellings(app.sql, id)).toEqual(before);

    await visit(farah, page);
    await farah.getByRole('link', { name: 'Snooze' }).click();
    const dialog = farah.getByRole('dialog', { name: /^It can wait/ });
    await dialog.getByLabel('Until').fill(inKolkata(Date.now() - DAY_MS, 'minute'));
    await dialog.getByLabel('Reason').fill('The registrar is closed this afternoon');
    await dialog.getByRole('button', { name: 'Let it wait' }).click();
    await dialog.getByText('Choose a time that is still to come').first().waitFor();
    await dialog.getByLabel('Until').fill(inKolkata(Date.now() + 90 * 60_000, 'minute'));
    await dialog.getByRole('button', { name: 'Let it wait' }).click();
    await told(farah, 'Nobody is told before then');
    await farah.getByText('Farah Khan says it can wait: The registrar is closed this afternoon').waitFor();
    await hears(imran, `${number} can wait until`);
    await hears(imran, 'The registrar is closed this afternoon');

    // An hour later it is time for the next step, which has to wait for half an hour more.
    await letStretchLast(app.sql, id, 190);
    await sweep(app.sql);
    expect(await tellings(app.sql, id), 'the ladder waits').toEqual(before);
    await visit(meera, '/notifications');
    expect(await meera.getByRole('main').getByText(number).count()).toBe(0);
    await letStretchLast(app.sql, id, 240);
    await sweep(app.sql);
    await hears(meera, `${number} is still overdue`);
    expect(await tellings(app.sql, id)).toEqual([...before, ['escalation', 'Meera Iyer']]);
    await visit(farah, page);
    expect(await farah.getByText('Nobody else is told before').count(), 'it is over').toBe(0);
  });

  test('the substitute of who is on leave is told what he may see, and nothing else', async () => {
    const seen = await requestOfImran();
    const unseen = await requestOfImran();
    await visit(imran, '/me');
    await imran.getByLabel('First day').fill(inKolkata(Date.now() - DAY_MS, 'day'));
    await imran.getByLabel('Last day').fill(inKolkata(Date.now() + 2 * DAY_MS, 'day'));
    await choose(imran, 'Substitute', 'Pooja Verma');
    await imran.getByRole('button', { name: 'Save leave' }).click();
    await told(imran, 'Leave saved');
    await letStretchLast(app.sql, seen.id, 125);
    await sweep(app.sql);
    await hears(pooja, `${seen.number} is overdue`);
    await hears(pooja, 'You are told as the substitute of Imran Sheikh, who is on leave.');
    expect(await tellings(app.sql, seen.id)).toEqual([
      ['warning', 'Pooja Verma'],
      ['breach', 'Pooja Verma']
    ]);

    // Whoever stands in may turn out to see nothing of it: then the head is told.
    await visit(farah, `/admin/users/${await idOf('Imran Sheikh')}/leave`);
    await choose(farah, 'Substitute', 'Rohan Desai');
    await farah.getByRole('button', { name: 'Save leave' }).click();
    await told(farah, 'Leave saved');
    expect(await answerTo(rohan, unseen.page)).toBe(404);
    await letStretchLast(app.sql, unseen.id, 125);
    await sweep(app.sql);
    await hears(farah, `${unseen.number} is overdue`);
    expect(await tellings(app.sql, unseen.id)).toEqual([
      ['warning', 'Farah Khan'],
      ['breach', 'Farah Khan']
    ]);
    await visit(rohan, '/notifications');
    expect(await rohan.getByRole('main').getByText(unseen.number).count()).toBe(0);
  });

  test('a mail that is refused waits with its error, and is sent from the screen once it is taken', async () => {
    app.smtp.manner = { refuse: 550, at: 'recipient' };
    await visit(meera, '/admin/users/new');
    await meera.getByRole('textbox', { name: 'Name', exact: true }).fill('Nadia Rahman');
    await meera.getByRole('textbox', { name: 'E-mail' }).fill(NEWCOMER);
    await meera.getByLabel('Role').selectOption({ label: 'Relationship manager (executive)' });
    await meera.getByRole('button', { name: 'Send the invitation' }).click();
    await meera.waitForURL(/\/admin\/users\/\d+$/);
    const stuck = meera.getByRole('row').filter({ hasText: NEWCOMER }).filter({ hasText: 'Parked' });
    const shown = async () => {
      await visit(meera, '/admin/outbox?state=parked');
      return stuck.count();
    };
    await expect.poll(shown, { timeout: MAIL_MS, interval: 500 }).toBe(1);
    await meera.getByText('Mail that needs a look').waitFor();
    await stuck.getByRole('link').first().click();
    await meera.waitForURL(/\/admin\/outbox\/\d+$/);
    await meera.getByText(/550 No thanks/).waitFor();
    expect(lettersTo(NEWCOMER)).toEqual([]);

    app.smtp.manner = 'accept';
    await meera.getByRole('button', { name: 'Send again' }).click();
    await told(meera, 'Will be sent again');
    const { text } = await until(() => lettersTo(NEWCOMER)[0], MAIL_MS);
    const link = /https?:\/\/\S+\/invite\/\S+/.exec(text)?.[0] ?? '';
    expect(await answerTo(rohan, link), 'its link is good').toBe(200);
    const sent = async () => {
      await visit(meera, pathOf(meera));
      return meera.getByRole('main').getByText('Sent', { exact: true }).count();
    };
    // The label of its time, and its state.
    await expect.poll(sent, { timeout: MAIL_MS, interval: 500 }).toBe(2);
    await meera.getByRole('button', { name: 'Send again' }).waitFor({ state: 'detached' });
    expect(lettersTo(NEWCOMER)).toHaveLength(1);
  });

  /** A bank change that Kavya asked for, and Imran began. */
  async function requestOfImran(): Promise<Request> {
    const [client] = await app.sql<{ id: string }[]>`
      select c.id from clients c join users u on u.id = c.primary_rm_id
      where u.name = 'Kavya Nair' and c.lifecycle = 'active' and c.secondary_rm_id is null order by c.id limit 1`;
    await visit(kavya, `/clients/${client?.id}`);
    await askForBankChange(kavya, 'A new account for the payouts.');
    const page = pathOf(kavya);
    const id = Number(page.split('/').at(-1));
    await visit(imran, page);
    await imran.getByRole('button', { name: 'Start' }).click();
    await told(imran, 'The request is yours');
    return { id, number: `SR-${String(id).padStart(6, '0')}`, page };
  }

  async function idOf(name: string): Promise<number> {
    const [user] = await app.sql<{ id: number }[]>`select id from users where name = ${name}`;
    return user?.id ?? 0;
  }

  const lettersTo = (address: string) => app.smtp.received.map(readLetter).filter(({ to }) => to === address);
});

/** As the fields of a form take it, in the zone of these browsers. */
function inKolkata(moment: number, to: 'day' | 'minute'): string {
  const written = new Date(moment).toLocaleString('sv', { timeZone: 'Asia/Kolkata' });
  return to === 'day' ? written.slice(0, 10) : written.slice(0, 16).replace(' ', 'T');
}
