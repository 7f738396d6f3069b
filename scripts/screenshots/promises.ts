import type { Page } from 'playwright-core';
import type { Shot } from './shot.ts';
import { open } from './visit.ts';

const MEERA = 'meera.iyer';
const ARJUN = 'arjun.mehta';
const KAVYA = 'kavya.nair';
const IMRAN = 'imran.sheikh';

/** Below the bar at the top of every page. */
const BAR = 72;

/** Puts what is marked by the text below the bar at the top. */
async function scrollTo(page: Page, text: string | RegExp): Promise<void> {
  const there = page
    .locator('main')
    .getByText(text, { exact: typeof text === 'string' })
    .first();
  await there.evaluate((element, bar) => {
    window.scrollBy(0, element.getBoundingClientRect().top - bar);
  }, BAR);
}

/** Charts come after their tables. */
async function report(page: Page, address: string, heading: string): Promise<void> {
  await open(page, address);
  await page.locator('main svg text').first().waitFor();
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== 'running')
  );
  await scrollTo(page, heading);
}

/** A request of his that was late, with the explanation of its promise. */
async function clock(page: Page): Promise<void> {
  await open(page, '/requests?assignee=me&due=overdue');
  const late = page.locator('main a[data-row][href^="/requests/"]').first();
  await open(page, (await late.getAttribute('href')) ?? '/requests');
  const why = page.locator('summary', { hasText: /^\s*Why/ }).last();
  await why.click();
  await why.evaluate((element, bar) => {
    const item = element.closest('li');
    if (item) window.scrollBy(0, item.getBoundingClientRect().top - bar);
  }, BAR);
}

/** One that was done, with whose time it was. */
async function split(page: Page): Promise<void> {
  await open(page, '/requests?assignee=me&status=completed');
  const done = page.locator('main tr', { hasText: 'SIP stop' }).locator('a[data-row]').first();
  await open(page, (await done.getAttribute('href')) ?? '/requests');
  await page
    .locator('summary', { hasText: /^\s*Why/ })
    .last()
    .click();
  const whose = page.getByRole('table', { name: 'Whose time it was' }).first();
  await whose.evaluate((element) => element.scrollIntoView({ block: 'end' }));
}

/** A lead that is to be called, and what was said with it. */
async function lead(page: Page): Promise<void> {
  await open(page, '/leads?status=wip&q=harish');
  const row = page.locator('main a[data-row][href^="/leads/"]').first();
  await open(page, (await row.getAttribute('href')) ?? '/leads');
}

async function policy(page: Page): Promise<void> {
  await open(page, '/admin/policies');
  const href = await page
    .getByRole('main')
    .getByRole('link', { name: /^Redemption/ })
    .getAttribute('href');
  await open(page, href ?? '/admin/policies');
  await page.getByRole('button', { name: 'Add a step' }).first().waitFor();
  await scrollTo(page, 'Resolution');
}

/** What a shorter promise would do, which is asked before anything is saved. */
async function effect(page: Page): Promise<void> {
  await policy(page);
  await page
    .getByLabel(/^Within/)
    .last()
    .fill('3');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Nothing is saved yet').waitFor();
  await scrollTo(page, /Nothing is saved yet/);
}

async function calendar(page: Page): Promise<void> {
  await open(page, '/admin/calendars');
  const href = await page
    .locator('main a[href^="/admin/calendars/"]:not([href$="new"])')
    .first()
    .getAttribute('href');
  await open(page, href ?? '/admin/calendars');
}

/** The last digest; one is asked for where none has come. */
async function digest(page: Page): Promise<void> {
  await open(page, '/digests');
  const last = page.locator('main a[data-row]').first();
  if ((await last.count()) > 0) return open(page, (await last.getAttribute('href')) ?? '/digests');
  await page.getByRole('button', { name: 'Send me one now' }).first().click();
  await page.waitForURL(/\/digests\/\d+$/);
  await open(page, page.url());
}

const PREVIEW = 'iframe[title="The mail as it looks in a mailbox"]';

/** Opens the mail of the last digest, whose preview is as tall as it. */
async function openMail(page: Page): Promise<void> {
  await open(page, '/admin/outbox');
  const mail = page.locator('main tr', { hasText: 'Digest' }).locator('a[href^="/admin/outbox/"]').first();
  await open(page, (await mail.getAttribute('href')) ?? '/admin/outbox');
  await page.locator(`${PREVIEW}[style*="height"]`).waitFor();
}

/** The digest as programs without HTML show it. */
async function digestMail(page: Page): Promise<void> {
  await openMail(page);
  await scrollTo(page, 'Text');
}

/** The digest as programs with HTML show it. */
async function digestHtml(page: Page): Promise<void> {
  await openMail(page);
  const html = await page.locator(PREVIEW).getAttribute('srcdoc');
  await page.goto('about:blank');
  await page.setContent(html ?? '');
}

const at = (address: string) => (page: Page) => open(page, address);

/** What has to do with promises: clocks, who is told, reports. */
export const PROMISE_SHOTS: Shot[] = [
  { name: 'clock', who: IMRAN, themes: ['light', 'phone'], show: clock },
  { name: 'clock-split', who: IMRAN, themes: ['light'], show: split },
  { name: 'lead', who: KAVYA, themes: ['light'], show: lead },
  { name: 'notifications', who: ARJUN, themes: ['light'], show: at('/notifications') },
  { name: 'notification-choices', who: KAVYA, themes: ['light'], show: at('/me/notifications') },
  { name: 'digest', who: ARJUN, themes: ['light'], show: digest },
  {
    name: 'report-promises',
    who: ARJUN,
    themes: ['light', 'dark'],
    show: (page) => report(page, '/reports/promises', 'Over time')
  },
  {
    name: 'report-pipeline',
    who: ARJUN,
    themes: ['light'],
    show: (page) => report(page, '/reports/pipeline', 'Where leads stand')
  },
  { name: 'digest-mail', who: MEERA, themes: ['light'], show: digestMail },
  { name: 'digest-html', who: MEERA, themes: ['light', 'dark'], show: digestHtml },
  { name: 'policies', who: MEERA, themes: ['light'], show: at('/admin/policies') },
  { name: 'policy', who: MEERA, themes: ['light'], show: policy },
  { name: 'policy-effect', who: MEERA, themes: ['light'], show: effect },
  { name: 'calendar', who: MEERA, themes: ['light'], show: calendar },
  { name: 'jobs', who: MEERA, themes: ['light'], show: at('/admin/jobs') }
];
