import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clocksDue } from '#lib/clocks/jobs.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { enqueue } from '#lib/platform/jobs/outbox.server.ts';
import { chromiumPath } from '../support/chromium.ts';
import { until } from '../support/until.ts';
import { startApp, type App, type Running } from './support/app.ts';
import {
  acceptInvitation,
  convertLead,
  logCall,
  openRequest,
  runDigests,
  startWork,
  watchTheBell
} from './support/acts.ts';
import { openBrowser, signIn, type People } from './support/browser.ts';
import { addOperations, importFirm, overdueRequest, PASSWORD, passWeeks } from './support/firm.ts';
import { told, visit } from './support/forms.ts';
import { readLetter } from './support/letters.ts';

/** The minute tick finds what a killed worker left behind. */
const NEXT_TICK_MS = 90_000;

let app: App;
let people: People;

describe.skipIf(!chromiumPath())('from a lead to an escalated request and a digest', () => {
  beforeAll(async () => {
    app = await startApp();
    people = await openBrowser(app.origin);
  });

  afterAll(async () => {
    await people?.close();
    await app?.stop();
  });

  test('on an imported firm, with two workers of which one is killed', async () => {
    const linkOf = await importFirm(app.origin);
    const operations = await addOperations('Operations', ['Olive Pereira', 'Otto Brandt', 'Ona Diaz']);
    const registrar = await addOperations('Registrar desk', ['Rhea Sen', 'Rolf Lund']);
    const [opsHead, opsExecutive] = operations.people;
    // The story is told at any hour.
    await app.sql`update policy_versions set working_hours_only = false`;
    const theirs = await overdueRequest('tidewater labs', registrar.teamId, 5);
    const workers = {
      first: await app.startWorker('first'),
      second: await app.startWorker('second')
    };
    await until(() => isTold(theirs), NEXT_TICK_MS);

    const rm = await people.newPerson();
    await acceptInvitation(rm.page, linkOf('Bram de Vries'));
    await convertLead(rm.page);
    await logCall(rm.page);
    const { id, number } = await openRequest(rm.page);

    const executive = await people.newPerson();
    await signIn(executive.page, opsExecutive?.email ?? '', PASSWORD);
    await startWork(executive.page, id);
    const head = await people.newPerson();
    await signIn(head.page, opsHead?.email ?? '', PASSWORD);
    const bell = await watchTheBell(head.page);
    expect(await bell()).toBe('Notifications');

    await Promise.all([told(head.page, `${number} is overdue`, 4 * NEXT_TICK_MS), runOutOfTime(id, workers)]);

    await expect.poll(bell, { timeout: NEXT_TICK_MS }).toBe('Notifications, 1 unread');
    expect(await head.page.evaluate(() => document.body.dataset.open), 'the page was not reloaded').toBe(
      'yes'
    );

    const admin = await people.newPerson();
    await acceptInvitation(admin.page, linkOf('chief@sales.example'));
    await visit(admin.page, '/notifications');
    await admin.page.getByText(`${number} is still overdue`).waitFor();
    await runDigests(admin.page);

    for (const reader of ['olive.pereira@sales.example', 'tomas.okafor@sales.example']) {
      expect(await digestTo(reader), reader).toContain(number);
      expect(await digestTo(reader), reader).not.toContain(theirs);
    }
    for (const reader of ['rhea.sen@sales.example', 'priya.raman@sales.example']) {
      expect(await digestTo(reader), reader).toContain(theirs);
      expect(await digestTo(reader), reader).not.toContain(number);
    }

    await expectEachStepOnce(id, number);
    await expectEverythingAudited(id);
    people.assertNoProblems();
  });
});

/**
 * The promise is broken, and the worker that finds out is killed between carrying out the steps and telling people:
 * it is held up there by the lock that tellings take in turn.
 */
async function runOutOfTime(requestId: number, workers: Record<string, Running>): Promise<void> {
  const turn = await app.sql.reserve();
  await turn`select pg_advisory_lock(hashtext('escalations to tell'))`;
  try {
    await passWeeks(app.sql, requestId, 5);
    await asSystem((tx) => enqueue(tx, clocksDue, {}));
    await until(async () => (await midway(requestId)).steps.length > 0, NEXT_TICK_MS);
    const name = await until(waitingForTurn, NEXT_TICK_MS);
    const { steps, notified } = await midway(requestId);
    expect(steps, 'carried out and committed').toEqual(['warning', 'breach', 'administrators']);
    expect(notified, 'nobody was told yet').toBe(0);
    await killOutright(workers[name]);
  } finally {
    await turn`select pg_advisory_unlock(hashtext('escalations to tell'))`;
    turn.release();
  }
}

async function killOutright(worker?: Running): Promise<void> {
  if (!worker) throw new Error('Somebody else than a worker waits for the lock');
  const gone = once(worker.child, 'exit');
  worker.child.kill('SIGKILL');
  await gone;
}

async function waitingForTurn(): Promise<string> {
  const [session] = await app.sql<{ name: string }[]>`select application_name as name from pg_stat_activity
    where datname = ${app.database.name} and wait_event_type = 'Lock' and wait_event = 'advisory'`;
  return session?.name ?? '';
}

async function midway(requestId: number) {
  const carried = await app.sql<{ step: string }[]>`select e.step_key as step from escalations e
    join clocks k on k.id = e.clock_id where k.subject_kind = 'request' and k.subject_id = ${requestId} order by e.id`;
  const notified = await app.sql`select 1 from notifications
    where kind in ('warning', 'escalation') and subject_kind = 'request' and subject_id = ${requestId}`;
  return { steps: carried.map(({ step }) => step), notified: notified.length };
}

const letters = () => app.smtp.received.map(readLetter);

const digestTo = (email: string) =>
  until(
    () => letters().find(({ to, subject }) => to === email && subject.startsWith('Your morning'))?.text,
    NEXT_TICK_MS
  );

async function isTold(number: string): Promise<boolean> {
  const rows = await app.sql`select 1 from notifications where title = ${`${number} is still overdue`}`;
  return rows.length > 0;
}

/** One message in the app and one mail for each person of the ladder, whoever was killed. */
async function expectEachStepOnce(requestId: number, number: string): Promise<void> {
  const told = await app.sql`select n.title, u.name from notifications n join users u on u.id = n.user_id
    where n.kind in ('warning', 'escalation') and n.subject_kind = 'request' and n.subject_id = ${requestId} order by u.name desc`;
  expect([...told]).toEqual([
    { title: expect.stringMatching(`^${number} was due`) as string, name: 'Otto Brandt' },
    { title: `${number} is overdue`, name: 'Olive Pereira' },
    { title: `${number} is still overdue`, name: 'Administrator' }
  ]);
  // Mails are not sent in the order of what they tell.
  const states = () => app.sql<{ state: string }[]>`select distinct state from mail_outbox`;
  await expect
    .poll(async () => (await states()).map(({ state }) => state), { timeout: NEXT_TICK_MS })
    .toEqual(['sent']);
  const subjects = letters().map(({ to, subject }) => `${to}: ${subject}`);
  expect(subjects.filter((line) => line.includes(number))).toHaveLength(3);
  expect(new Set(subjects).size, 'no mail twice').toBe(subjects.length);
}

async function expectEverythingAudited(requestId: number): Promise<void> {
  const rows = await app.sql<{ did: string }[]>`
    select distinct u.name || ' ' || a.action || ' ' || a.table_name as did
    from audit_log a join users u on u.id = a.actor_id`;
  expect(rows.map(({ did }) => did)).toEqual(
    expect.arrayContaining([
      'Bram de Vries update leads',
      'Bram de Vries insert holdings',
      'Bram de Vries insert interactions',
      'Bram de Vries insert service_requests',
      'Otto Brandt update service_requests'
    ])
  );
  const [converted] = await app.sql`select new_values ->> 'status' as status from audit_log
    where table_name = 'leads' and new_values ->> 'status' = 'converted' and actor_id is not null`;
  expect(converted).toEqual({ status: 'converted' });
  const opened = await app.sql`select 1 from audit_log
    where table_name = 'service_requests' and action = 'insert' and row_id = ${requestId}`;
  expect(opened).toHaveLength(1);
}
