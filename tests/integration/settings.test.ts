import { deflateSync } from 'node:zlib';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asSystem, closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { clients } from '#lib/clients/schema.server.ts';
import { FIXED_CLIENT_TYPES, type ListName } from '#lib/settings/model.ts';
import { firmLogos } from '#lib/settings/schema.server.ts';
import { LOCALES, isTimeZone, timeZones } from '#lib/settings/zones.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { mintClient, mintLead } from '../support/records.ts';

let database: TestDatabase;
let firm: TestFirm;
const settings = () => callerFor(firm.admin).settings;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

const PNG = Buffer.concat([
  Buffer.from('89504e470d0a1a0a', 'hex'),
  deflateSync(Buffer.from('a small picture'))
]);
const base64 = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64');

async function present() {
  const { version, name, timeZone, currency, locale, clientWord, promiseWord, panCompulsory } =
    await settings().firm();
  return { version, name, timeZone, currency, locale, clientWord, promiseWord, panCompulsory };
}

describe('The firm’s settings', () => {
  it('are changed by whoever saw them last, and the other is shown what they are now', async () => {
    const before = await present();
    await settings().updateFirm({ ...before, name: 'Banyan', clientWord: 'customer', promiseWord: 'SLA' });
    expect(await present()).toMatchObject({
      name: 'Banyan',
      clientWord: 'customer',
      version: before.version + 1
    });
    const late = settings().updateFirm({ ...before, name: 'Neem' });
    await expect(late).rejects.toMatchObject({
      code: 'CONFLICT',
      cause: { details: { current: { name: 'Banyan' } } }
    });
  });

  it('reach every page', async () => {
    const { firm: shown } = await callerFor(firm.rm).home.frame();
    expect(shown).toMatchObject({ name: 'Banyan', clientWord: 'customer', promiseWord: 'SLA' });
  });

  it('leave an audit entry with what changed', async () => {
    const [entry] = await asSystem((tx) =>
      tx.execute(sql`select old_values, new_values, actor_id from audit_log
        where table_name = 'firm_settings' and action = 'update' order by id limit 1`)
    );
    expect(entry).toMatchObject({
      old_values: { name: 'Test firm' },
      new_values: { name: 'Banyan' },
      actor_id: firm.admin.userId
    });
  });

  it('change no time that is stored when the zone changes', async () => {
    const id = await mintClient({ primaryRmId: firm.rm.userId });
    const times = () =>
      asSystem((tx) => tx.select({ at: clients.createdAt }).from(clients).where(eq(clients.id, id)));
    const before = await times();
    await settings().updateFirm({ ...(await present()), timeZone: 'Europe/Berlin' });
    expect(await times()).toEqual(before);
    expect((await callerFor(firm.rm).home.frame()).me.timeZone).toBe('Europe/Berlin');
  });

  it.each([
    ['timeZone', 'Middle/Earth'],
    ['timeZone', '+05:30'],
    ['currency', 'ZZZ'],
    ['locale', 'xx'],
    ['name', ' ']
  ])('refuse %s %j', async (field, value) => {
    const input = { ...(await present()), [field]: value };
    await expect(settings().updateFirm(input)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('offer zones that both JavaScript and Postgres know', async () => {
    const offered = timeZones();
    expect(offered).toEqual(expect.arrayContaining(['Asia/Kolkata', 'Europe/Kyiv', 'UTC']));
    expect(offered.filter((name) => !isTimeZone(name))).toEqual([]);
    const names = `{${offered.join(',')}}`;
    const unknown = await asSystem((tx) =>
      tx.execute(
        sql`select z.name from unnest(${names}::text[]) z(name) where z.name not in (select name from pg_timezone_names)`
      )
    );
    expect([...unknown]).toEqual([]);
    expect(LOCALES.every((locale) => Intl.NumberFormat.supportedLocalesOf(locale).length === 1)).toBe(true);
  });
});

describe('The logo', () => {
  it('is kept, named by its hash, and read without signing in', async () => {
    const { logoRef } = await settings().setLogo({ version: (await present()).version, data: base64(PNG) });
    expect((await callerFor(firm.rm).home.frame()).firm.logoRef).toBe(logoRef);
    expect(await settings().brand()).toEqual({ name: 'Banyan', logoRef });
    const { mimeType, data } = await settings().logo({ hash: logoRef ?? '' });
    expect(mimeType).toBe('image/png');
    expect(Buffer.from(data, 'base64').equals(PNG)).toBe(true);
  });

  it('replaces the one before, and is gone when it is removed', async () => {
    const { logoRef: before } = await settings().firm();
    const jpeg = base64(Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(200_000, 7)]));
    await settings().setLogo({ version: (await present()).version, data: jpeg });
    await expect(settings().logo({ hash: before ?? '' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await settings().removeLogo({ version: (await present()).version });
    expect(await asSystem((tx) => tx.select().from(firmLogos))).toEqual([]);
    expect((await settings().firm()).logoRef).toBeNull();
  });

  it.each([
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['HTML', '<!doctype html><script>alert(1)</script>'],
    ['a GIF', 'GIF89a'],
    ['what is too large', Buffer.concat([PNG, Buffer.alloc(512 * 1024)])]
  ])('is never %s', async (_, bytes) => {
    const { version } = await present();
    const setting = settings().setLogo({ version, data: base64(bytes) });
    await expect(setting).rejects.toMatchObject({ code: 'UNPROCESSABLE_CONTENT' });
  });
});

describe('Managed lists', () => {
  const items = async (list: ListName) => (await settings().managedLists())[list];
  const labels = async (list: ListName) => (await items(list)).map(({ label }) => label);
  async function item(list: ListName, label: string) {
    const found = (await items(list)).find((one) => one.label === label);
    if (!found) throw new Error(`No ${label}`);
    return found;
  }
  const offered = async (list: ListName) => (await callerFor(firm.rm).settings.lists())[list];

  it('take a new item at the end and offer it everywhere', async () => {
    const { key } = await settings().addItem({ list: 'denial_reason', label: 'Zu teuer – wirklich' });
    expect(key).toBe('zu_teuer_wirklich');
    expect((await labels('denial_reason')).at(-1)).toBe('Zu teuer – wirklich');
    expect((await offered('denial_reason')).at(-1)).toEqual({ key, label: 'Zu teuer – wirklich' });
  });

  it('hold no name twice, whatever its case', async () => {
    const again = settings().addItem({ list: 'denial_reason', label: 'zu  TEUER – wirklich' });
    await expect(again).rejects.toMatchObject({ code: 'UNPROCESSABLE_CONTENT' });
  });

  it('keep the key when an item is renamed', async () => {
    const { id, version, key } = await item('client_tier', 'Gold');
    await settings().renameItem({ id, version, label: 'Golden' });
    expect(await item('client_tier', 'Golden')).toMatchObject({ id, key, version: version + 1 });
    const late = settings().renameItem({ id, version, label: 'Or' });
    await expect(late).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('are put in another order', async () => {
    const before = await labels('client_tier');
    const { id } = await item('client_tier', before[3] ?? '');
    await settings().moveItem({ id, to: 0 });
    expect(await labels('client_tier')).toEqual([before[3], ...before.slice(0, 3)]);
    expect((await offered('client_tier')).map(({ label }) => label)).toEqual(await labels('client_tier'));
  });

  it('no longer offer what is deactivated, until it is brought back', async () => {
    const { id, version, key } = await item('denial_reason', 'No budget');
    await settings().setItemActive({ id, version, active: false });
    expect((await offered('denial_reason')).map((one) => one.key)).not.toContain(key);
    await settings().setItemActive({ id, version: version + 1, active: true });
    expect((await offered('denial_reason')).map((one) => one.key)).toContain(key);
  });

  it('lose an item that nothing names, and keep one that is used', async () => {
    await mintLead({ status: 'denied', denialReason: 'duplicate' });
    const used = await item('denial_reason', 'Duplicate');
    expect(used.uses).toBe(1);
    await expect(settings().removeItem({ id: used.id, version: used.version })).rejects.toMatchObject({
      code: 'UNPROCESSABLE_CONTENT',
      message: expect.stringContaining('Deactivate it instead') as unknown
    });
    const free = await item('denial_reason', 'Wrong contact details');
    await settings().removeItem({ id: free.id, version: free.version });
    expect(await labels('denial_reason')).not.toContain('Wrong contact details');
  });

  it('never lose a type that the rules for PAN know', async () => {
    const fixed = (await items('client_type')).filter((one) => one.fixed);
    expect(fixed.map(({ key }) => key).sort()).toEqual([...FIXED_CLIENT_TYPES].sort());
    const { id, version } = await item('client_type', 'HUF');
    const removing = settings().removeItem({ id, version });
    await expect(removing).rejects.toMatchObject({ code: 'UNPROCESSABLE_CONTENT' });
  });

  it('always offer something', async () => {
    for (const { id, version } of (await items('client_tier')).slice(1))
      await settings().setItemActive({ id, version, active: false });
    const [last] = await items('client_tier');
    const removing = settings().setItemActive({
      id: last?.id ?? 0,
      version: last?.version ?? 0,
      active: false
    });
    await expect(removing).rejects.toMatchObject({ code: 'UNPROCESSABLE_CONTENT' });
  });

  it('grow by two people at the same moment without losing a place', async () => {
    await Promise.all(
      ['One', 'Two', 'Three'].map((label) => settings().addItem({ list: 'product_category', label }))
    );
    const rows = await asSystem((tx) =>
      tx.execute(sql`select count(*)::int as n, count(distinct position)::int as places from list_items
        where list = 'product_category'`)
    );
    expect(rows[0]?.n).toBe(rows[0]?.places);
  });
});
