import type { Page } from 'playwright-core';
import { PROMISE_SHOTS } from './promises.ts';
import type { Shot } from './shot.ts';
import { open } from './visit.ts';

const MEERA = 'meera.iyer';
const ARJUN = 'arjun.mehta';
const KAVYA = 'kavya.nair';
const IMRAN = 'imran.sheikh';

const at = (address: string) => (page: Page) => open(page, address);

/** Opens the record behind the first row of a list. */
const first = (list: string, record: string) => async (page: Page) => {
  await open(page, list);
  const link = page.locator(`main a[data-row][href^="${record}"]`).first();
  await open(page, (await link.getAttribute('href')) ?? list);
};

const client = first('/clients?q=nisha', '/clients/');

/** A lead of a client that the RM sees, and so with something to choose between. */
async function convert(page: Page): Promise<void> {
  await first('/leads?status=wip&q=aditya', '/leads/')(page);
  await open(page, `${new URL(page.url()).pathname}?step=convert`);
  await page.getByRole('radio', { name: /Aditya Sharma/ }).check();
  await page.evaluate(() => window.scrollTo(0, 0));
}

async function log(page: Page): Promise<void> {
  await client(page);
  await page.keyboard.press('l');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Log', exact: true }).waitFor();
  await dialog.getByLabel('What it was about').fill('Wants to raise the SIP from January');
}

async function review(page: Page): Promise<void> {
  await client(page);
  await open(page, `/interactions/review?client=${new URL(page.url()).pathname.split('/').at(-1)}`);
}

async function search(page: Page): Promise<void> {
  await open(page, '/');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('aditia sarma');
  await page
    .getByRole('option', { name: /Aditya Sharma/ })
    .first()
    .waitFor();
}

async function handover(page: Page): Promise<void> {
  await open(page, '/handovers/new');
  const pick = async (label: string, name: string) => {
    const list = page.getByLabel(label, { exact: false }).first();
    const option = list.locator('option', { hasText: name });
    await list.selectOption((await option.getAttribute('value')) ?? '');
  };
  await pick('Hands over', 'Kavya Nair');
  await pick('Takes over', 'Rohan Desai');
  await page.getByRole('button', { name: 'Show what would happen' }).click();
  await page.getByRole('heading', { name: 'What would pass' }).waitFor();
}

async function preview(page: Page): Promise<void> {
  await first('/admin/users?q=kavya', '/admin/users/')(page);
  await page.getByRole('main').getByRole('link', { name: 'Preview' }).click();
  await page.getByRole('button', { name: 'Look' }).first().click();
  await page.locator('#sight-title').waitFor();
}

/** Something an RM changed: she changes it here, so that there is something to show. */
async function audit(page: Page): Promise<void> {
  await first('/admin/audit?action=update&kind=client', '/admin/audit/')(page);
}

export const SHOTS: Shot[] = [
  { name: 'home', who: KAVYA, themes: ['light', 'phone'], show: at('/') },
  { name: 'home-head', who: ARJUN, themes: ['light', 'dark'], show: at('/') },
  { name: 'leads', who: ARJUN, themes: ['light', 'phone'], show: at('/leads?status=open') },
  { name: 'leads-board', who: ARJUN, themes: ['light', 'dark'], show: at('/leads?view=board') },
  { name: 'lead-convert', who: KAVYA, themes: ['light', 'phone'], show: convert },
  { name: 'client', who: KAVYA, themes: ['light', 'dark', 'phone'], show: client },
  { name: 'log', who: KAVYA, themes: ['light'], show: log },
  { name: 'review', who: KAVYA, themes: ['light'], show: review },
  { name: 'interactions', who: KAVYA, themes: ['light'], show: at('/interactions') },
  { name: 'search', who: KAVYA, themes: ['light', 'dark'], show: search },
  { name: 'requests', who: IMRAN, themes: ['light'], show: at('/requests') },
  {
    name: 'request',
    who: IMRAN,
    themes: ['light', 'phone'],
    show: first('/requests?status=in_progress&mine=true', '/requests/')
  },
  { name: 'queries-board', who: ARJUN, themes: ['light'], show: at('/queries?view=board') },
  { name: 'duplicate', who: ARJUN, themes: ['light'], show: first('/duplicates', '/duplicates/') },
  { name: 'handover', who: ARJUN, themes: ['light'], show: handover },
  { name: 'catalogue', who: MEERA, themes: ['light'], show: at('/catalogue') },
  {
    name: 'request-type',
    who: MEERA,
    themes: ['light'],
    show: first('/admin/request-types', '/admin/request-types/')
  },
  { name: 'users', who: MEERA, themes: ['light'], show: at('/admin/users') },
  {
    name: 'role',
    who: MEERA,
    themes: ['light'],
    show: async (page) => {
      await open(page, '/admin/roles');
      const href = await page
        .locator('main a', { hasText: 'Relationship manager' })
        .first()
        .getAttribute('href');
      await open(page, `${href}/edit`);
    }
  },
  { name: 'role-preview', who: MEERA, themes: ['light'], show: preview },
  { name: 'audit', who: MEERA, themes: ['light'], show: audit },
  { name: 'lists', who: MEERA, themes: ['light'], show: at('/admin/lists') },
  { name: 'settings', who: MEERA, themes: ['light'], show: at('/admin/settings') },
  ...PROMISE_SHOTS
];
