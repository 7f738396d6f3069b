import { beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { chromiumPath } from '../support/chromium.ts';
import { app, useDemoApp } from './support/demo-app.ts';
import { arjun, farah, imran, kavya, lakshmi, rohan, useDesks } from './support/desks.ts';
import { answerTo, attend, bellOf, escape, pathOf, told, visit } from './support/forms.ts';
import { askForBankChange, complete, seenBy, tickBankChange, waitFor } from './support/office.ts';

/** A client for whom nothing is done yet, and addresses of what comes to be on the way. */
let name = '';
let client = '';
let request = '';
let query = '';

describe.skipIf(!chromiumPath())('a day of service', () => {
  useDemoApp();
  // The client is Kavya's, whom Arjun leads; Imran works under Farah; the others have nothing to do with it.
  useDesks();

  beforeAll(async () => {
    // Nothing else waits in the queue that is taken from below.
    await app.sql`update service_requests set assignee_id = (select id from users where name = 'Pooja Verma')
      where status = 'pending'`;
    const [row] = await app.sql<{ id: number; name: string }[]>`
      select c.id, c.name from clients c join users u on u.id = c.primary_rm_id
      where u.name = 'Kavya Nair' and c.lifecycle = 'active' and c.secondary_rm_id is null
        and not exists (select 1 from service_requests s where s.client_id = c.id)
        and not exists (select 1 from queries q where q.client_id = c.id) order by c.id limit 1`;
    if (!row) throw new Error('Every client has work');
    ({ name } = row);
    client = `/clients/${row.id}`;
  });

  test('the RM asks operations for a bank change', async () => {
    await visit(kavya, client);
    await askForBankChange(kavya, 'She moved her salary account.');
    request = pathOf(kavya);
    await kavya.getByText('Pending', { exact: true }).first().waitFor();
    for (const name of ['Start', 'Wait', 'Complete']) {
      const main = kavya.getByRole('main');
      const action = main
        .getByRole('button', { name, exact: true })
        .or(main.getByRole('link', { name, exact: true }));
      expect(await action.count(), name).toBe(0);
    }
    await visit(farah, '/requests');
    await farah.getByRole('row').filter({ hasText: name }).waitFor();
  });

  test('an ops executive takes it next, and waits for the registrar', async () => {
    await visit(imran, '/requests');
    await imran.getByRole('button', { name: 'Take next' }).click();
    await imran.waitForURL((url) => url.pathname === request);
    await imran.getByText('In progress', { exact: true }).first().waitFor();
    expect(await answerTo(imran, client), 'who works for a client sees him').toBe(200);

    await waitFor(imran, {
      whom: 'Waiting on a third party',
      why: 'Sent to the registrar on paper',
      party: 'Registrar'
    });
    await visit(kavya, request);
    await kavya.getByText('Waiting on a third party: Registrar').first().waitFor();
    await kavya.getByText('Sent to the registrar on paper').first().waitFor();
  });

  test('it goes on, its checklist is ticked, and it is completed', async () => {
    await visit(imran, request);
    expect(await imran.getByRole('link', { name: 'Complete' }).count(), 'not before it goes on').toBe(0);
    await imran.getByRole('button', { name: 'Resume' }).click();
    await told(imran, 'The request goes on');
    await tickBankChange(imran);
    await complete(imran, 'The new account pays out from today.');
    await visit(kavya, request);
    await kavya.getByText('The new account pays out from today.').first().waitFor();
    expect(await answerTo(imran, client), 'the work is done, the client hidden again').toBe(404);
    expect(await answerTo(imran, request)).toBe(200);
  });

  test('a query is opened, and a mention reaches the head', async () => {
    await attend(arjun, '/');
    await visit(kavya, client);
    await kavya.getByRole('link', { name: 'Open query' }).click();
    await kavya.getByLabel('Subject').fill('When does the tax saver unlock?');
    await kavya.getByLabel('Details').fill('She needs some of it in three years.');
    await kavya.getByRole('button', { name: 'Open the query' }).click();
    await kavya.waitForURL(/\/queries\/\d+$/);
    query = pathOf(kavya);
    const before = await bellOf(arjun);
    await kavya.getByLabel('New comment').pressSequentially('@Arj');
    await kavya.locator('[role=option]').filter({ hasText: 'Arjun Mehta' }).click();
    await kavya.getByLabel('New comment').pressSequentially('may I quote the lock-in?');
    await kavya.getByRole('button', { name: 'Comment', exact: true }).click();
    await told(kavya, 'Comment added');
    await expect.poll(() => bellOf(arjun)).not.toBe(before);
    expect(await seenBy({ rohan, lakshmi, farah, imran }, query)).toEqual({
      rohan: 404,
      lakshmi: 404,
      farah: 404,
      imran: 404
    });
  });

  test('it is resolved with the offer to log how, reopened, and closed', async () => {
    await visit(kavya, query);
    await kavya.getByRole('button', { name: 'Start' }).click();
    await told(kavya, 'The query is yours');
    await resolve(kavya, 'Three years from each instalment.');
    const log = kavya.getByRole('dialog', { name: 'Log an interaction' });
    await log.getByLabel('What it was about').fill('Told her about the lock-in');
    await log.getByRole('button', { name: 'Log', exact: true }).click();
    await told(kavya, 'Logged');

    await kavya.getByRole('link', { name: 'Reopen' }).click();
    await kavya.getByRole('dialog').getByLabel('Reason').fill('She asks about each folio.');
    await kavya.getByRole('dialog').getByRole('button', { name: 'Reopen' }).click();
    await told(kavya, 'Reopened');
    await kavya.getByText('In progress', { exact: true }).first().waitFor();
    await resolve(kavya, 'A table by folio went to her by mail.');
    await escape(log);

    await kavya.getByRole('button', { name: 'Close', exact: true }).click();
    await told(kavya, 'The query is closed');
    await kavya.getByText('Closed', { exact: true }).first().waitFor();
    expect(await kavya.getByRole('link', { name: 'Reopen' }).count(), 'for the head from now on').toBe(0);
    await visit(arjun, query);
    await arjun.getByRole('link', { name: 'Reopen' }).waitFor();
    await visit(arjun, '/interactions?q=lock-in');
    await arjun.getByRole('link', { name: 'Told her about the lock-in' }).waitFor();
  });
});

async function resolve(page: Page, how: string): Promise<void> {
  await page.getByRole('link', { name: 'Resolve' }).click();
  const dialog = page.getByRole('dialog', { name: 'Resolve the query' });
  await dialog.getByLabel('How it was resolved').fill(how);
  await dialog.getByRole('button', { name: 'Resolve' }).click();
  await told(page, 'The query is resolved');
}
