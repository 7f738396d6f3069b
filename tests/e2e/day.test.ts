import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { seedDemo } from '../../scripts/seed.ts';
import { demoAddress } from '../../scripts/seed/people.ts';
import { chromiumPath } from '../support/chromium.ts';
import { startApp, type App } from './support/app.ts';
import { openBrowser, signIn, type People } from './support/browser.ts';
import { answerTo, bellOf, choose, pathOf, told, visit } from './support/forms.ts';

const PASSWORD = 'a believable demo firm';
const CLIENT = 'Rukmini Devadhar';

let app: App;
let people: People;
/** The RM who obtained the reference, the RM who works it, their head, and people of other teams. */
let rohan: Page;
let kavya: Page;
let arjun: Page;
let lakshmi: Page;
let farah: Page;
let imran: Page;
/** Addresses of what comes to be on the way. */
let lead = '';
let client = '';
let request = '';
let query = '';

describe.skipIf(!chromiumPath())('a day in the firm', () => {
  beforeAll(async () => {
    app = await startApp();
    await seedDemo({ password: PASSWORD });
    // Nothing else waits in the queue that is taken from below.
    await app.sql`update service_requests set assignee_id = (select id from users where name = 'Pooja Verma')
      where status = 'pending'`;
    people = await openBrowser(app.origin);
    rohan = await signedIn('Rohan Desai');
    kavya = await signedIn('Kavya Nair');
    arjun = await signedIn('Arjun Mehta');
    lakshmi = await signedIn('Lakshmi Rao');
    farah = await signedIn('Farah Khan');
    imran = await signedIn('Imran Sheikh');
  });

  afterAll(async () => {
    await people?.close();
    await app?.stop();
  });

  afterEach(() => people.assertNoProblems());

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
    await visit(kavya, '/');
    expect(await bellOf(kavya)).toBe('Notifications');
    await visit(arjun, '/leads?rm=nobody');
    await arjun.getByRole('checkbox', { name: new RegExp(CLIENT) }).check();
    await choose(arjun, 'Assign to', 'Kavya Nair');
    await arjun.getByRole('button', { name: 'Assign 1' }).click();
    await told(arjun, 'The leads are assigned');

    await expect.poll(() => bellOf(kavya)).toBe('Notifications, 1 unread');
    await kavya
      .getByRole('link', { name: /^Notifications/ })
      .first()
      .click();
    await kavya.getByRole('menuitem', { name: new RegExp(`${CLIENT} is yours`) }).click();
    await kavya.waitForURL((url) => url.pathname === lead);
    await visit(lakshmi, '/');
    expect(await bellOf(lakshmi), 'the other team hears nothing').toBe('Notifications');
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

  test('the RM asks operations for a bank change', async () => {
    await visit(kavya, client);
    await kavya.getByRole('link', { name: 'Open request' }).click();
    await kavya.getByLabel('Type').selectOption({ label: 'Bank change' });
    await kavya.getByLabel('Details').fill('She moved her salary account.');
    await kavya.getByRole('button', { name: 'Open the request' }).click();
    await kavya.getByRole('link', { name: /New bank account number/ }).waitFor();
    await kavya.getByLabel('New bank account number').fill('50100012345678');
    await kavya.getByLabel('IFSC').fill('HDFC0000001');
    await kavya.getByRole('button', { name: 'Open the request' }).click();
    await kavya.waitForURL(/\/requests\/\d+$/);
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
    await farah.getByRole('row').filter({ hasText: CLIENT }).waitFor();
  });

  test('an ops executive takes it next, and waits for the registrar', async () => {
    await visit(imran, '/requests');
    await imran.getByRole('button', { name: 'Take next' }).click();
    await imran.waitForURL((url) => url.pathname === request);
    await imran.getByText('In progress', { exact: true }).first().waitFor();
    expect(await answerTo(imran, client), 'who works for a client sees him').toBe(200);

    await imran.getByRole('link', { name: 'Wait', exact: true }).click();
    const dialog = imran.getByRole('dialog');
    await dialog.getByLabel('On whom').selectOption({ label: 'Waiting on a third party' });
    await dialog.getByLabel('Which third party').selectOption({ label: 'Registrar' });
    await dialog.getByLabel('Why').fill('Sent to the registrar on paper');
    await dialog.getByRole('button', { name: 'Wait' }).click();
    await told(imran, 'Waiting');
    await visit(kavya, request);
    await kavya.getByText('Waiting on a third party: Registrar').first().waitFor();
    await kavya.getByText('Sent to the registrar on paper').first().waitFor();
  });

  test('it goes on, its checklist is ticked, and it is completed', async () => {
    await visit(imran, request);
    expect(await imran.getByRole('link', { name: 'Complete' }).count(), 'not before it goes on').toBe(0);
    await imran.getByRole('button', { name: 'Resume' }).click();
    await told(imran, 'The request goes on');
    for (const item of ['Cancelled cheque received', 'Form signed', 'Registrar confirmed']) {
      await imran.getByRole('button', { name: item, pressed: false }).click();
      await imran.getByRole('button', { name: item, pressed: true }).waitFor();
    }
    await imran.getByRole('link', { name: 'Complete' }).click();
    await imran.getByRole('dialog').getByLabel('Outcome').fill('The new account pays out from today.');
    await imran.getByRole('dialog').getByRole('button', { name: 'Complete' }).click();
    await told(imran, 'The request is completed');
    await visit(kavya, request);
    await kavya.getByText('The new account pays out from today.').first().waitFor();
    expect(await answerTo(imran, client), 'the work is done, the client hidden again').toBe(404);
    expect(await answerTo(imran, request)).toBe(200);
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

  test('a query is opened, and a mention reaches the head', async () => {
    await visit(arjun, '/');
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
    await log.waitFor();
    await kavya.keyboard.press('Escape');
    await log.waitFor({ state: 'detached' });

    await kavya.getByRole('button', { name: 'Close', exact: true }).click();
    await told(kavya, 'The query is closed');
    await kavya.getByText('Closed', { exact: true }).first().waitFor();
    expect(await kavya.getByRole('link', { name: 'Reopen' }).count(), 'for the head from now on').toBe(0);
    await visit(arjun, query);
    await arjun.getByRole('link', { name: 'Reopen' }).waitFor();
    await visit(arjun, '/interactions?q=lock-in');
    await arjun.getByRole('link', { name: 'Told her about the lock-in' }).waitFor();
  });

  async function signedIn(name: string): Promise<Page> {
    const person = await people.newPerson({ viewport: { width: 1280, height: 800 } });
    await signIn(person.page, demoAddress(name), PASSWORD);
    return person.page;
  }
});

async function resolve(page: Page, how: string): Promise<void> {
  await page.getByRole('link', { name: 'Resolve' }).click();
  const dialog = page.getByRole('dialog', { name: 'Resolve the query' });
  await dialog.getByLabel('How it was resolved').fill(how);
  await dialog.getByRole('button', { name: 'Resolve' }).click();
  await told(page, 'The query is resolved');
}

async function seenBy<Who extends string>(pages: Record<Who, Page>, address: string) {
  const entries = Object.entries<Page>(pages).map(async ([who, page]) => [
    who,
    await answerTo(page, address)
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Record<Who, number>;
}
