import { and, eq, sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import type {
  AddItemInput,
  MoveItemInput,
  RemoveItemInput,
  RenameItemInput,
  SetItemActiveInput
} from './list-inputs.ts';
import { USES, isFixed } from './managed-lists.server.ts';
import type { ListName } from './model.ts';
import { listItems } from './schema.server.ts';

type Item = typeof listItems.$inferSelect;

async function itemOf(tx: Tx, id: number): Promise<Item> {
  const [item] = await tx.select().from(listItems).where(eq(listItems.id, id));
  if (!item) throw new NotFound();
  return item;
}

/** Changes of one list wait for each other, so that places and names stay whole. */
async function lockList(tx: Tx, list: ListName): Promise<Item[]> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`list_items ${list}`}))`);
  return tx
    .select()
    .from(listItems)
    .where(eq(listItems.list, list))
    .orderBy(listItems.position, listItems.id);
}

const folded = (label: string) => label.toLocaleLowerCase('en').replace(/\s+/g, ' ');

function requireFree(items: Item[], label: string, except?: number): void {
  const same = items.find((item) => item.id !== except && folded(item.label) === folded(label));
  if (!same) return;
  const state = same.active ? '' : ', but is not offered: bring it back instead';
  throw new RuleViolation(`“${same.label}” is in the list already${state}`, { field: 'label' });
}

/** What records hold: made of the first name, and kept when the name changes. */
function keyFor(items: Item[], label: string): string {
  const plain = label.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const stem =
    plain
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, 40) || 'item';
  const taken = new Set(items.map(({ key }) => key));
  let key = stem;
  for (let number = 2; taken.has(key); number += 1) key = `${stem}_${number}`;
  return key;
}

/** Adds an item at the end. RuleViolation when the list has the name already. */
export async function addItem(tx: Tx, { list, label }: AddItemInput) {
  const items = await lockList(tx, list);
  requireFree(items, label);
  const position = Math.max(-1, ...items.map((item) => item.position)) + 1;
  const [added] = await tx
    .insert(listItems)
    .values({ list, key: keyFor(items, label), label, position })
    .returning();
  if (!added) throw new Error('The item was not stored');
  return added;
}

/** Gives it another name; what names it now shows the new one. */
export async function renameItem(tx: Tx, { id, version, label }: RenameItemInput) {
  const { list } = await itemOf(tx, id);
  requireFree(await lockList(tx, list), label, id);
  return change(tx, id, version, { label });
}

/** Stops or resumes offering it; records that name it keep it. */
export async function setItemActive(tx: Tx, { id, version, active }: SetItemActiveInput) {
  const item = await itemOf(tx, id);
  const others = (await lockList(tx, item.list)).filter((other) => other.active && other.id !== id);
  if (!active && others.length === 0)
    throw new RuleViolation('This is the last one offered. Add or bring back another first');
  return change(tx, id, version, { active });
}

/** Puts it at a place of its list; the others move up or down. */
export async function moveItem(tx: Tx, { id, to }: MoveItemInput): Promise<void> {
  const { list } = await itemOf(tx, id);
  const ids = (await lockList(tx, list)).map((item) => item.id).filter((other) => other !== id);
  ids.splice(to, 0, id);
  const places = `{${ids.join(',')}}`;
  await tx.execute(sql`
    update list_items i set position = o.place - 1
    from unnest(${places}::bigint[]) with ordinality o(id, place)
    where i.id = o.id and i.position <> o.place - 1`);
}

/** Deletes an item that nothing names. RuleViolation for one in use and for one that rules depend on. */
export async function removeItem(tx: Tx, { id, version }: RemoveItemInput): Promise<void> {
  const item = await itemOf(tx, id);
  const offered = (await lockList(tx, item.list)).filter((other) => other.active && other.id !== id);
  if (isFixed(item))
    throw new RuleViolation(
      'The rules for PAN depend on this type. Deactivate it instead: it is then no longer offered'
    );
  const [used] = await tx.execute(
    sql`select 1 from (${USES[item.list]}) u where u.key = ${item.key} limit 1`
  );
  if (used)
    throw new RuleViolation(
      'This is in use, so it cannot be deleted. Deactivate it instead: it is then no longer offered'
    );
  if (item.active && offered.length === 0)
    throw new RuleViolation('This is the last one offered. Add or bring back another first');
  const gone = await tx
    .delete(listItems)
    .where(and(eq(listItems.id, id), eq(listItems.version, version)))
    .returning({ id: listItems.id });
  if (gone.length === 0) throw new Conflict(undefined, { current: item });
}

async function change(tx: Tx, id: number, version: number, values: Partial<Item>): Promise<Item> {
  const [changed] = await tx
    .update(listItems)
    .set({ ...values, version: sql`${listItems.version} + 1` })
    .where(and(eq(listItems.id, id), eq(listItems.version, version)))
    .returning();
  if (!changed) throw new Conflict(undefined, { current: await itemOf(tx, id) });
  return changed;
}
