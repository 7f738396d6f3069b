import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { actorOf } from '#lib/platform/auth/actor.server.ts';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { mintUser } from '../support/firm.ts';
import { again, api, named, newPolicy, step, target, usePolicyForms } from '../support/policy-forms.ts';
import { mintClient, mintRequestType } from '../support/records.ts';
import { atField } from '../support/refusals.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();
usePolicyForms();

describe('a policy', () => {
  it('promises, and says to whom and when', async () => {
    const policy = await newPolicy({
      requestTypeId: firm.requestTypeId,
      targets: [target(), target({ target: 'first_response', amount: 240, unit: 'working_minutes' })],
      steps: [
        step({ when: 'after_hours', amount: 4, tell: 'user', tellUserId: firm.opsHead.userId }),
        step({ amount: 75, tell: 'assignee' }),
        step({ target: 'first_response' }),
        step({ tell: undefined, amount: undefined })
      ]
    });
    expect(policy).toMatchObject({
      active: true,
      requestTypeId: firm.requestTypeId,
      targets: [
        { target: 'first_response', amount: 240, unit: 'working_minutes' },
        { target: 'resolution', amount: 2, unit: 'working_days' }
      ],
      versions: [{ version: 1, by: 'Asha Admin' }]
    });
    expect(policy.steps).toMatchObject([
      { target: 'resolution', key: 'warning', when: 'percent', amount: 75, tell: 'assignee' },
      { target: 'first_response', key: 'breach', amount: 100, tell: 'head' },
      {
        target: 'resolution',
        key: 'escalation',
        when: 'after_hours',
        amount: 4,
        tellUserId: firm.opsHead.userId
      }
    ]);
  });

  it('takes working hours, which are kept as minutes', async () => {
    const policy = await newPolicy({ targets: [target({ amount: 6, unit: 'working_hours' })] });
    expect(policy.targets).toMatchObject([{ amount: 360, unit: 'working_minutes' }]);
  });

  it('is tried before the first that would take everything from it', async () => {
    const { id } = await newPolicy({ priority: 'urgent' });
    const { items } = await api().list();
    const requests = items.filter(({ subjectKind }) => subjectKind === 'request');
    const at = requests.findIndex((policy) => policy.id === id);
    expect(requests[at]?.hiddenBehind).toBeNull();
    expect(requests.slice(at + 1).some(({ name }) => name.startsWith('Other requests'))).toBe(true);
    expect(await api().match({ subjectKind: 'request', priority: 'urgent' })).toMatchObject({
      policy: { id },
      promises: [{ target: 'resolution', amount: 2, dueAt: expect.any(Date) as Date }]
    });
  });

  it('keeps its versions: a new one for what it says, none for what it is called or for', async () => {
    const policy = await newPolicy({ requestTypeId: await mintRequestType() });
    await api().update(again(policy, { name: 'Called otherwise', priority: 'high' }));
    const renamed = await api().byId({ id: policy.id });
    expect(renamed).toMatchObject({ name: 'Called otherwise', priority: 'high', version: 2 });
    expect(renamed.versions).toHaveLength(1);
    const other = await asSystem((tx) => mintUser(tx, { role: 'administrator', name: 'Otis Other' }));
    const { policies } = callerFor(await actorOf(other));
    await policies.update(again(renamed, { priority: 'high', targets: [target({ amount: 5 })] }));
    const changed = await api().byId({ id: policy.id });
    expect(changed.versions.map(({ version, targets }) => [version, targets[0]?.amount])).toEqual([
      [2, 5],
      [1, 2]
    ]);
    await expect(api().update(again(policy))).rejects.toMatchObject({
      cause: {
        code: 'CONFLICT',
        details: {
          current: {
            ...{ name: 'Called otherwise', version: 3, savedBy: 'Otis Other' },
            ...{ targets: [{ amount: 5 }], steps: [{ when: 'percent', amount: 100 }] }
          }
        }
      }
    });
    expect(changed.history.some(({ newValues }) => 'position' in (newValues ?? {}))).toBe(false);
  });

  it('keeps the keys of its steps through versions, and gives none of them to another step', async () => {
    const policy = await newPolicy({
      steps: [step(), step({ amount: 50 }), step({ when: 'after_hours', amount: 4 })]
    });
    const [warning, breach, escalation] = again(policy).steps;
    if (!warning || !breach || !escalation) throw new Error('There are three steps');
    expect([warning.key, breach.key, escalation.key]).toEqual(['warning', 'breach', 'escalation']);
    await api().update(again(policy, { steps: [{ ...warning, amount: 80 }, breach] }));
    const fewer = await api().byId({ id: policy.id });
    expect(fewer.steps.map(({ key, amount }) => [key, amount])).toEqual([
      ['warning', 80],
      ['breach', 100]
    ]);
    await api().update(
      again(fewer, { steps: [...again(fewer).steps, step({ when: 'after_hours', amount: 9 })] })
    );
    expect((await api().byId({ id: policy.id })).steps.map(({ key }) => key)).toEqual([
      'warning',
      'breach',
      'escalation_2'
    ]);
  });

  it('is moved up and down among those of its kind', async () => {
    const { id } = await newPolicy({ clientTag: 'moved' });
    const order = async () =>
      (await api().list()).items.filter(({ subjectKind }) => subjectKind === 'request').map((one) => one.id);
    const before = await order();
    const at = before.indexOf(id);
    await api().move({ id, by: -1 });
    expect((await order()).indexOf(id)).toBe(at - 1);
    await api().move({ id, by: 1 });
    expect(await order()).toEqual(before);
    await api().move({ id: before[0] ?? 0, by: -1 });
    expect(await order()).toEqual(before);
  });
});

describe('the name of a policy', () => {
  const taken = atField('name', /There is a policy of this name already/);

  it('is one among those of its kind, whatever its letters and spaces', async () => {
    const { name } = await newPolicy({ name: 'Fast Lane' });
    await expect(api().create(named({ name: '  fast   LANE ' }))).rejects.toEqual(taken);
    await expect(api().create({ ...named({ name: 'fast lane' }), dryRun: true })).rejects.toEqual(taken);
    const other = await newPolicy();
    await expect(api().update(again(other, { name: 'FAST lane' }))).rejects.toEqual(taken);
    expect((await newPolicy({ name, subjectKind: 'query' })).name).toBe(name);
    await api().update(again(other, { name: other.name.toUpperCase() }));
  });

  it('is that of one not in use too, which is said', async () => {
    const resting = await newPolicy({ name: 'Resting' });
    await api().setActive({ id: resting.id, version: 1, active: false });
    await expect(api().create(named({ name: 'resting' }))).rejects.toEqual(
      atField('name', /of this name already, which is not in use/)
    );
  });

  it('is taken by one of two who want it at once', async () => {
    const both = await Promise.allSettled([1, 2].map(() => api().create(named({ name: 'At once' }))));
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('may stay where there are two already', async () => {
    const [one, other] = [await newPolicy(), await newPolicy()];
    await asSystem((tx) => tx.execute(sql`update policies set name = ${one.name} where id = ${other.id}`));
    await api().update(again({ ...other, name: one.name }, { priority: 'high' }));
    await expect(
      api().update(again(one, { version: 1, name: `${one.name} and more` }))
    ).resolves.toBeDefined();
  });
});

describe('a dry run says before it is saved', () => {
  it('which policies would no longer be reached, and which lose clocks by name', async () => {
    const requestTypeId = await mintRequestType();
    const narrow = await newPolicy({ requestTypeId });
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    await callerFor(firm.rm).requests.open({ clientId, typeId: requestTypeId });
    const { effect } = await api().create({ ...named({ requestTypeId }), dryRun: true });
    expect(effect).toMatchObject({ hides: [narrow.name], comes: [{ name: narrow.name, clocks: 1 }] });
    const touched = (effect?.earlier?.clocks ?? 0) + (effect?.later?.clocks ?? 0) + (effect?.alike ?? 0);
    expect(touched + (effect?.ends ?? 0)).toBe(1);
  });

  it('that nobody has the tag', async () => {
    const { effect } = await api().create({ ...named({ clientTag: 'nobody at all' }), dryRun: true });
    expect(effect).toMatchObject({ unusedTag: 'nobody at all', hides: [] });
  });
});

describe('what would never match', () => {
  const found = async (id: number) => (await api().list()).items.find((policy) => policy.id === id);

  it('is allowed, and said: behind one that takes everything', async () => {
    const catchAll = await newPolicy({ subjectKind: 'query', clientTag: 'vip' });
    const narrow = await newPolicy({ subjectKind: 'query', clientTag: 'vip', priority: 'low' });
    expect((await found(narrow.id))?.hiddenBehind).toBeNull();
    await api().move({ id: narrow.id, by: 1 });
    expect((await found(narrow.id))?.hiddenBehind).toEqual({ id: catchAll.id, name: catchAll.name });
    await api().setActive({ id: catchAll.id, version: 1, active: false });
    expect((await found(narrow.id))?.hiddenBehind).toBeNull();
  });

  it('is allowed, and said: a type not offered, a tag that nobody has, a tier that is none', async () => {
    const requestTypeId = await mintRequestType({ active: false });
    const policy = await newPolicy({ requestTypeId, clientTag: 'nobody has it', clientTier: 'gone' });
    expect(await found(policy.id)).toMatchObject({ typeGone: true, tagUnused: true, tierGone: true });
    const clientId = await mintClient({ primaryRmId: firm.rm.userId });
    await asSystem((tx) =>
      tx.execute(sql`insert into client_tags (client_id, tag) values (${clientId}, 'nobody has it')`)
    );
    expect(await found(policy.id)).toMatchObject({ tagUnused: false });
  });
});
