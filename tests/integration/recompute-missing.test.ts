import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { recompute, recomputeBatch } from '#lib/policies/recompute.server.ts';
import { refreshClocks } from '../../workers/refresh.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { promisesOn } from '../support/promises.ts';
import { mintClient, mintLead, mintRequest, mintRequestType } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;
let calendarId: number;
let tier: string;
let made = 0;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  calendarId = (await callerFor(firm.admin).calendars.list()).items[0]?.id ?? 0;
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

beforeEach(() => {
  tier = `tier ${++made}`;
});

const api = () => callerFor(firm.admin).policies;
const CONTACT = { target: 'contact' as const, amount: 90, unit: 'calendar_days' as const };
const REVIEW = { target: 'review' as const, amount: 0, unit: 'on_date' as const };
const CALL = { target: 'first_call' as const, amount: 9, unit: 'working_days' as const };
const FOLLOW_UP = { target: 'follow_up' as const, amount: 0, unit: 'on_date' as const };
const RESPONSE = { target: 'first_response' as const, amount: 9, unit: 'working_days' as const };
const RESOLUTION = { target: 'resolution' as const, amount: 20, unit: 'working_days' as const };

type Target =
  typeof CONTACT | typeof REVIEW | typeof CALL | typeof FOLLOW_UP | typeof RESPONSE | typeof RESOLUTION;

const stepOf = ({ target }: Target) => ({
  ...{ target, when: 'percent' as const, amount: 100, tell: 'head' as const, does: ['notify' as const] }
});

const draft = (subjectKind: 'client' | 'lead' | 'request', targets: Target[], more: object = {}) => ({
  ...{ subjectKind, name: `Promise ${++made}`, calendarId, targets, steps: targets.map(stepOf) },
  ...{ pausesClient: true, pausesThirdParty: false, workingHoursOnly: false, ...more }
});

async function newPolicy(...of: Parameters<typeof draft>): Promise<number> {
  const { id } = await api().create(draft(...of));
  await finishAll();
  await refreshClocks();
  return id;
}

/** What it would do, and then what it did. */
async function change(id: number, ...of: Parameters<typeof draft>) {
  const { version } = await api().byId({ id });
  const { subjectKind: _, ...fields } = draft(...of);
  const { effect } = await api().update({ ...fields, id, version, dryRun: true });
  await api().update({ ...fields, id, version });
  return effect;
}

const waiting = () =>
  asSystem(async (tx) =>
    [
      ...(await tx.execute<{ id: number }>(
        sql`select id from clock_recomputes where finished_at is null order by id`
      ))
    ].map(({ id }) => Number(id))
  );

async function finishAll(): Promise<void> {
  for (const id of await waiting()) await recompute(id);
}

const mine = (more: object = {}) => mintClient({ primaryRmId: firm.rm.userId, tier, ...more });
const runningOn = async (kind: 'client' | 'lead' | 'request', id: number) =>
  (await promisesOn(kind, id)).filter(({ state }) => state === 'running').map(({ target }) => target);

describe('a target that a policy promises from now on', () => {
  it('begins on clients who have another clock already, and the preview counts it', async () => {
    const id = await newPolicy('client', [CONTACT], { clientTier: tier });
    const [one, two, undated, alone] = [
      await mine({ nextReviewOn: '2031-03-04' }),
      await mine({ nextReviewOn: '2031-03-05' }),
      await mine(),
      await mine({ nextReviewOn: '2031-03-06', primaryRmId: null })
    ];
    await refreshClocks();
    expect(await runningOn('client', one)).toEqual(['contact']);
    const effect = await change(id, 'client', [CONTACT, REVIEW], { clientTier: tier });
    expect(effect).toMatchObject({ begins: 2, ends: 0 });
    await finishAll();
    expect((await api().byId({ id })).recomputes[0]).toMatchObject({ begun: 2 });
    await refreshClocks();
    for (const each of [one, two]) expect(await runningOn('client', each)).toEqual(['contact', 'review']);
    expect(await runningOn('client', undated)).toEqual(['contact']);
    expect(await runningOn('client', alone)).toEqual([]);
  });

  it('begins on leads whose first call still runs', async () => {
    const teamId = firm.teams.other;
    const id = await newPolicy('lead', [CALL], { teamId });
    const leadId = await mintLead({
      ...{ conversionRmId: firm.otherRm.userId, teamId, status: 'new', nextFollowUpOn: '2031-03-04' }
    });
    const idle = await mintLead({ conversionRmId: firm.otherRm.userId, teamId, status: 'new' });
    await refreshClocks();
    expect(await runningOn('lead', leadId)).toEqual(['first_call']);
    expect(await change(id, 'lead', [CALL, FOLLOW_UP], { teamId })).toMatchObject({ begins: 1 });
    await finishAll();
    await refreshClocks();
    expect(await runningOn('lead', leadId)).toEqual(['first_call', 'follow_up']);
    expect(await runningOn('lead', idle)).toEqual(['first_call']);
  });

  it('is queued in batches', async () => {
    const id = await newPolicy('client', [CONTACT], { clientTier: tier });
    const ids = [];
    for (let n = 0; n < 5; n++) ids.push(await mine({ nextReviewOn: '2031-03-04' }));
    await refreshClocks();
    await change(id, 'client', [CONTACT, REVIEW], { clientTier: tier });
    const [asked = 0] = await waiting();
    const steps = [];
    for (let more = true; more;) {
      more = await asSystem((tx) => recomputeBatch(tx, asked, 2));
      const [row] = await asSystem((tx) =>
        tx.execute<{ n: number }>(sql`select count(*)::int as n from clock_refresh`)
      );
      steps.push(row?.n ?? 0);
    }
    expect(new Set(steps).size).toBeGreaterThan(2);
    await refreshClocks();
    for (const each of ids) expect(await runningOn('client', each)).toEqual(['contact', 'review']);
  });
});

describe('a policy that takes over', () => {
  it('from one taken out of use begins what it promises more', async () => {
    await newPolicy('client', [CONTACT, REVIEW], { clientTier: tier });
    const tag = `tag ${tier}`;
    const narrow = await newPolicy('client', [CONTACT], { clientTier: tier, clientTag: tag });
    const clientId = await mine({ nextReviewOn: '2031-03-04' });
    await asSystem((tx) =>
      tx.execute(sql`insert into client_tags (client_id, tag) values (${clientId}, ${tag})`)
    );
    await refreshClocks();
    expect(await runningOn('client', clientId)).toEqual(['contact']);
    const { version } = await api().byId({ id: narrow });
    const { effect } = await api().setActive({ id: narrow, version, active: false, dryRun: true });
    expect(effect).toMatchObject({ begins: 1, leaves: [{ clocks: 1 }] });
    await api().setActive({ id: narrow, version, active: false });
    await finishAll();
    await refreshClocks();
    expect(await runningOn('client', clientId)).toEqual(['contact', 'review']);
  });

  it('from one that was narrowed begins what it promises more on open work too', async () => {
    const requestTypeId = await mintRequestType();
    await newPolicy('request', [RESPONSE, RESOLUTION], { requestTypeId });
    const urgent = { requestTypeId, priority: 'urgent' as const };
    const narrow = await newPolicy('request', [RESPONSE], urgent);
    const clientId = await mine();
    const open = (priority: 'urgent' | 'high') =>
      callerFor(firm.rm).requests.open({ clientId, typeId: requestTypeId, priority });
    const { id } = await open('urgent');
    expect(await runningOn('request', id)).toEqual(['first_response']);
    const high = { requestTypeId, priority: 'high' as const };
    expect(await change(narrow, 'request', [RESPONSE], high)).toMatchObject({ begins: 1 });
    await finishAll();
    expect(await runningOn('request', id)).toEqual(['first_response', 'resolution']);
  });

  it('goes on with what lapsed under another, from its own start', async () => {
    const requestTypeId = await mintRequestType();
    const full = await newPolicy('request', [RESPONSE, RESOLUTION], { requestTypeId });
    const clientId = await mine();
    const id = (await callerFor(firm.rm).requests.open({ clientId, typeId: requestTypeId })).id;
    const before = await promisesOn('request', id);
    await change(full, 'request', [RESPONSE], { requestTypeId });
    await finishAll();
    expect(await runningOn('request', id)).toEqual(['first_response']);
    const [row] = await asSystem((tx) =>
      tx.execute<{ due: string | null }>(sql`select due_at as due from service_requests where id = ${id}`)
    );
    expect(row?.due).toBeNull();
    const effect = await change(full, 'request', [RESPONSE, RESOLUTION], { requestTypeId });
    expect(effect).toMatchObject({ begins: 1 });
    await finishAll();
    expect(await promisesOn('request', id)).toEqual(before);
  });

  it('leaves alone what has all it is promised', async () => {
    const requestTypeId = await mintRequestType();
    const policy = await newPolicy('request', [RESPONSE, RESOLUTION], { requestTypeId });
    const clientId = await mine();
    const requestId = await mintRequest({ clientId, typeId: requestTypeId, status: 'in_progress' });
    await callerFor(firm.rm).requests.open({ clientId, typeId: requestTypeId });
    const effect = await change(policy, 'request', [RESPONSE, RESOLUTION], {
      requestTypeId,
      workingHoursOnly: true
    });
    expect(effect).toMatchObject({ begins: 1 });
    await finishAll();
    // What was begun needs no first response.
    expect(await runningOn('request', requestId)).toEqual(['resolution']);
  });
});
