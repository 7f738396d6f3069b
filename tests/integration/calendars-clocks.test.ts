import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { startClocks } from '#lib/clocks/commands.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { recompute } from '#lib/policies/recompute.server.ts';
import { USUAL_HOURS, type WEEK } from '../support/calendars.ts';
import { mintClient, mintRequest } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

const api = () => callerFor(firm.admin).calendars;

describe('running clocks', () => {
  const dueOf = async (requestId: number) => {
    const [row] = await asSystem((tx) =>
      tx.execute<{ due: string }>(sql`select due_at::text as due from clocks
        where subject_kind = 'request' and subject_id = ${requestId} and target = 'resolution'`)
    );
    return new Date(row?.due ?? 0);
  };

  const business = async () => {
    const [row] = (await api().list()).items.filter(({ policies }) => policies.length > 0);
    return api().byId({ id: row?.id ?? 0 });
  };

  it('follow a holiday: first looked at, then in the background, and nothing of the look stays', async () => {
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    const id = await mintRequest({ clientId, teamId: firm.teams.ops });
    const subject = { kind: 'request' as const, id, clientId, requestTypeId: firm.requestTypeId };
    await asSystem((tx) => startClocks(tx, { ...subject, priority: 'normal' }));
    const before = await dueOf(id);
    const calendar = await business();
    const on = before.toISOString().slice(0, 10);
    const day = { id: calendar.id, version: calendar.version, on, name: 'Office moves', hours: '' };

    const { effect } = await api().addDay({ ...day, dryRun: true });
    expect(effect).toMatchObject({ exact: true, earlier: null, ends: 0, overdue: 0 });
    expect(effect?.later?.clocks).toBeGreaterThan(0);
    expect(effect?.examples.some((one) => one.kind === 'request' && one.id === id)).toBe(true);
    expect(await business()).toEqual(calendar);
    expect(await dueOf(id)).toEqual(before);

    // Other hours than those looked at: what was opened for the look must be forgotten.
    await api().addDay({ ...day, hours: USUAL_HOURS });
    const [asked] = (await business()).recomputes;
    await recompute(asked?.id ?? 0);
    expect(await dueOf(id)).toEqual(before);

    const { version } = await business();
    await api().updateDay({ ...day, was: on, version });
    const [again] = (await business()).recomputes;
    expect(again).toMatchObject({
      what: `Changed Office moves on ${on}`,
      finishedAt: null,
      by: 'Asha Admin'
    });
    await recompute(again?.id ?? 0);
    expect((await dueOf(id)).getTime()).toBeGreaterThan(before.getTime());
    const [done] = (await business()).recomputes;
    expect(done?.finishedAt).not.toBeNull();
    expect(done?.moved).toBeGreaterThan(0);
  });

  it('are left alone when only the name changes', async () => {
    const { recomputes, ...calendar } = await business();
    await api().update({ ...fieldsOf(calendar), name: 'Office hours' });
    expect((await business()).recomputes).toEqual(recomputes);
  });
});

const fieldsOf = ({
  id,
  version,
  timeZone,
  monday,
  tuesday,
  wednesday,
  thursday,
  friday,
  saturday,
  sunday
}: typeof WEEK & { id: number; version: number }) => ({
  ...{ id, version, timeZone, monday, tuesday, wednesday, thursday, friday, saturday, sunday }
});
