import { describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { chromiumPath } from '../support/chromium.ts';
import { useDemoApp } from './support/demo-app.ts';
import { arjun, farah, imran, kavya, lakshmi, rohan, useDesks } from './support/desks.ts';
import { attend, bellOf, choose, pathOf, told, visit } from './support/forms.ts';
import { seenBy } from './support/office.ts';

const CLIENT = 'Rukmini Devadhar';

/** Addresses of what comes to be on the way. */
let lead = '';
let client = '';

describe.skipIf(!chromiumPath())('a day of sales', () => {
  useDemoApp();
  // Rohan obtained the reference, Kavya works it, Arjun leads them; the others are of other teams.
  useDesks();

  test('an RM adds a reference, which waits for the head of the team', async () => {
    await visit(rohan, '/leads');
    await rohan.getByRole('link', { name: 'New lead' }).click();
    await rohan.getByRole('textbox', { name: 'Name', exact: true }).fill(CLIENT);
    await rohan.getByLabel('Phone').fill('98200 55512');
    await rohan.getByLabel('E-mail').fill('rukmini@devadhar.example');
    await rohan.getByLabel('Given by', { exact: true }).fill('Her brother, at the investor evening');
    await rohan.getByLabel('Mode of communication').selectOption({ label: 'Call' });
    await choose(rohan, 'Product of interest', 'Terra Tax Saver Fund');
    await rohan.getByLabel(/^Expected value/).fill('450000');
    await rohan.getByRole('button', { name: 'Save lead' }).click();
    await rohan.getByRole('heading', { level: 1, name: CLIENT }).waitFor();
    lead = pathOf(rohan);
    await rohan.getByText('Nobody yet').first().waitFor();

    await visit(arjun, '/leads?rm=nobody');
    await arjun.getByRole('row').filter({ hasText: CLIENT }).waitFor();
    expect(await seenBy({ kavya, lakshmi, farah, imran }, lead)).toEqual({
      kavya: 404,
      lakshmi: 404,
      farah: 404,
      imran: 403
    });
  });

  test('the head gives it to another RM, whose bell rings at once', async () => {
    await attend(kavya, '/');
    await visit(lakshmi, '/');
    const before = await unreadOf(kavya);
    const elsewhere = await unreadOf(lakshmi);
    await visit(arjun, '/leads?rm=nobody');
    await arjun.getByRole('checkbox', { name: new RegExp(CLIENT) }).check();
    await choose(arjun, 'Assign to', 'Kavya Nair');
    await arjun.getByRole('button', { name: 'Assign 1' }).click();
    await told(arjun, 'The leads are assigned');

    await expect.poll(() => unreadOf(kavya)).toBe(before + 1);
    await kavya
      .getByRole('link', { name: /^Notifications/ })
      .first()
      .click();
    await kavya.getByRole('menuitem', { name: new RegExp(`${CLIENT} is yours`) }).click();
    await kavya.waitForURL((url) => url.pathname === lead);
    await visit(lakshmi, '/');
    expect(await unreadOf(lakshmi), 'the other team hears nothing').toBe(elsewhere);
    // Whoever obtained it may look, and no more.
    await visit(rohan, lead);
    expect(await rohan.getByRole('link', { name: 'Convert' }).count()).toBe(0);
  });

  test('the RM sets a follow-up, which is the first work on the lead', async () => {
    await visit(kavya, lead);
    await kavya.getByText('New', { exact: true }).first().waitFor();
    await kavya.getByRole('link', { name: /Set a date/ }).click();
    await kavya.getByRole('dialog').getByRole('button', { name: 'In 3 days' }).click();
    await told(kavya, 'The follow-up is set');
    await kavya.getByText('In progress', { exact: true }).first().waitFor();
    await visit(kavya, `/leads?q=${encodeURIComponent(CLIENT)}`);
    await kavya.getByRole('row').filter({ hasText: CLIENT }).filter({ hasText: 'In progress' }).waitFor();
  });

  test('the RM converts it into a new client with a holding', async () => {
    await visit(kavya, lead);
    await kavya.getByRole('link', { name: 'Convert' }).click();
    const dialog = kavya.getByRole('dialog', { name: 'Convert the lead' });
    await dialog.getByRole('radio', { name: /A new client/ }).check();
    await dialog.getByLabel('PAN', { exact: true }).fill('abcpd1234l');
    await dialog.getByLabel(/^Amount/).fill('4,50,000');
    await dialog.getByLabel('Folio').fill('TX-118');
    await dialog.getByRole('button', { name: 'Convert' }).click();
    await kavya.getByText('The lead is converted').waitFor();
    await kavya.locator('main').getByRole('link', { name: CLIENT }).first().click();
    await kavya.waitForURL(/\/clients\/\d+$/);
    client = pathOf(kavya);
    await kavya.getByText('Terra Tax Saver Fund').first().waitFor();
    expect(await kavya.getByText('ABCPD1234L').count(), 'the PAN stays masked').toBe(0);
    await visit(arjun, client);
    expect(await seenBy({ rohan, lakshmi, farah, imran }, client)).toEqual({
      rohan: 404,
      lakshmi: 404,
      farah: 404,
      imran: 404
    });
  });

  test('the RM logs a call with a key, on the lead that became a client', async () => {
    await visit(kavya, lead);
    await kavya.keyboard.press('l');
    const dialog = kavya.getByRole('dialog', { name: 'Log an interaction' });
    await dialog.getByLabel('What it was about').fill('Welcome call');
    await dialog.getByLabel('What was said').fill('She wants the statement by mail.');
    await dialog.getByRole('button', { name: 'Log', exact: true }).click();
    await told(kavya, 'Logged');
    await visit(kavya, client);
    await kavya
      .getByRole('list', { name: /newest first/ })
      .getByText('Welcome call')
      .waitFor();
    await visit(arjun, `/interactions?q=welcome+call`);
    await arjun.getByRole('link', { name: 'Welcome call' }).waitFor();
    await visit(lakshmi, `/interactions?q=welcome+call`);
    expect(await lakshmi.getByRole('link', { name: 'Welcome call' }).count()).toBe(0);
  });

  test('a portfolio review opens a cross-sell lead, and both lead to each other', async () => {
    await visit(kavya, `/interactions/review?client=${client.split('/').at(-1)}`);
    await kavya.getByLabel('Findings').fill('Everything in one tax saver; nothing insured.');
    await kavya.getByLabel('Lead', { exact: true }).selectOption({ label: 'Cross-sell' });
    await choose(kavya, 'Product', 'Safeguard Term Life 1 crore');
    await kavya.getByRole('button', { name: 'Log the review' }).click();
    await kavya.waitForURL(/\/interactions\/\d+$/);
    const review = pathOf(kavya);
    await kavya.getByText('Cross-sell').first().waitFor();
    await kavya
      .getByRole('link', { name: new RegExp(`^LD-\\d+ ${CLIENT}$`) })
      .first()
      .click();
    await kavya.waitForURL(/\/leads\/\d+$/);
    await kavya.getByText('Safeguard Term Life 1 crore').first().waitFor();
    await kavya.getByRole('link', { name: 'Portfolio review' }).first().click();
    await kavya.waitForURL((url) => url.pathname === review);
    await visit(arjun, review);
    await arjun.getByText('nothing insured').first().waitFor();
  });

  test('another lead is denied with a reason of the firm’s, and its head takes it up again', async () => {
    await visit(kavya, '/leads?rm=me&status=wip');
    await kavya.locator('main a[data-row]').first().click();
    await kavya.waitForURL(/\/leads\/\d+$/);
    const other = pathOf(kavya);
    await kavya.getByRole('link', { name: 'Deny' }).click();
    const dialog = kavya.getByRole('dialog');
    await dialog.getByLabel('Reason').selectOption({ label: 'Not interested' });
    await dialog.getByLabel('In your words').fill('Bought elsewhere last week.');
    await dialog.getByRole('button', { name: 'Deny the lead' }).click();
    await told(kavya, 'The lead is denied');
    await kavya.getByText('Denied: Not interested').waitFor();
    expect(await kavya.getByRole('link', { name: 'Reopen' }).count(), 'for the head').toBe(0);

    await visit(arjun, other);
    await arjun.getByText('Bought elsewhere last week.').first().waitFor();
    await arjun.getByRole('link', { name: 'Reopen' }).click();
    await arjun.getByRole('dialog').getByLabel('Reason').fill('Her brother says she changed her mind.');
    await arjun.getByRole('dialog').getByRole('button', { name: 'Reopen' }).click();
    await told(arjun, 'The lead is reopened');
    await visit(kavya, other);
    await kavya.getByRole('link', { name: 'Convert' }).waitFor();
    await kavya.getByText('Her brother says she changed her mind.').first().waitFor();
  });
});

/** How many notifications wait for somebody, as the bell says. */
async function unreadOf(page: Page): Promise<number> {
  return Number(/\d+/.exec((await bellOf(page)) ?? '')?.[0] ?? 0);
}
