import type { RequestEvent } from '@sveltejs/kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { actions as calendarActions } from '../../src/routes/(app)/admin/calendars/[id=id]/+page.server.ts';
import { actions as policyActions } from '../../src/routes/(app)/admin/policies/[id=id]/+page.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintRequestType } from '../support/records.ts';

type Action = (event: never) => unknown;
type Fields = Record<string, string>;

const DAY = 86_400_000;

let database: TestDatabase;
let firm: TestFirm;
let calendarId: number;
let policyId: number;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  const always = '00:00-24:00';
  const week = { monday: always, tuesday: always, wednesday: always, thursday: always, friday: always };
  const calendar = { ...week, saturday: always, sunday: always, timeZone: 'Asia/Kolkata' };
  ({ id: calendarId } = await api().calendars.create({ name: 'Round the clock', ...calendar }));
  const typeId = await mintRequestType();
  ({ id: policyId } = await api().policies.create({
    subjectKind: 'request',
    name: 'Four days',
    requestTypeId: typeId,
    calendarId,
    pausesClient: true,
    pausesThirdParty: false,
    workingHoursOnly: false,
    targets: [{ target: 'resolution', amount: 4, unit: 'working_days' }],
    steps: [{ target: 'resolution', when: 'percent', amount: 100, tell: 'head', does: ['notify'] }]
  }));
  // A promise under way, which a change of its policy or calendar moves.
  const clientId = await mintClient({ primaryRmId: firm.rm.userId });
  await callerFor(firm.rm).requests.open({ clientId, typeId });
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

const api = () => callerFor(firm.admin);

/** Presses the button; the answer of its action. */
function press(action: Action | undefined, path: string, fields: Fields): unknown {
  const body = new URLSearchParams(fields);
  const url = new URL(`http://localhost${path}`);
  const event: Partial<RequestEvent> = {
    url,
    request: new Request(url, { method: 'POST', body }),
    params: { id: /\d+/.exec(url.pathname)?.[0] ?? '' },
    locals: { api: api(), actor: firm.admin } as unknown as App.Locals
  };
  return action?.(event as never);
}

/** Presses it, looks at what running clocks would do, and agrees. */
async function pressAndAgree(action: Action | undefined, path: string, fields: Fields): Promise<void> {
  const shown = (await press(action, path, fields)) as { effect: unknown; hidden: Fields };
  expect(shown.effect).toBeTruthy();
  expect(await press(action, path, shown.hidden)).toBeUndefined();
}

const policy = () => api().policies.byId({ id: policyId });
const calendar = () => api().calendars.byId({ id: calendarId });

describe('a button whose effect on running clocks is shown first', () => {
  test('changes nothing until it is agreed to, and then does it', async () => {
    const path = `/admin/policies/${policyId}?/use`;
    const fields = { version: String((await policy()).version), active: 'false' };
    await press(policyActions.use, path, fields);
    expect((await policy()).active).toBe(true);
    await pressAndAgree(policyActions.use, path, fields);
    expect((await policy()).active).toBe(false);
  });

  test('removes a day off', async () => {
    const on = new Date(Date.now() + 2 * DAY).toISOString().slice(0, 10);
    const { version } = await calendar();
    await api().calendars.addDay({ id: calendarId, version, on, name: 'Off', hours: '' });
    expect((await calendar()).days).toHaveLength(1);
    await pressAndAgree(calendarActions.removeDay, `/admin/calendars/${calendarId}?/removeDay`, {
      version: String((await calendar()).version),
      on
    });
    expect((await calendar()).days).toEqual([]);
  });
});
