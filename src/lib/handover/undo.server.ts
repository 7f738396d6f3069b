import { sql } from 'drizzle-orm';
import { mustReach } from '#lib/people/colleague.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Forbidden, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import { HANDOVER_PARTS, PART_PERMISSIONS, UNDO_HOURS, type HandoverPart } from './model.ts';
import { partiesOf } from './parties.server.ts';
import { lockRecords, SOURCES } from './sources.server.ts';
import { tellOfUndo } from './telling.server.ts';

interface Locked extends Record<string, unknown> {
  id: number;
  number: string;
  fromId: number;
  toIds: number[];
  parts: HandoverPart[];
  undone: boolean;
  tooLate: boolean;
}

/**
 * Gives back, within a day, whatever nobody has changed hands of since; what was left and why is kept with the
 * handover. Throws RuleViolation where it is too late or was done already.
 */
export async function undoHandover(
  tx: Tx,
  actor: Actor,
  { id }: { id: number }
): Promise<{ restored: number; left: number }> {
  const handover = await lockHandover(tx, actor, id);
  const { fromId, toIds, parts, number } = handover;
  if (handover.undone) throw new RuleViolation(`${number} was undone already`);
  if (handover.tooLate)
    throw new RuleViolation(`${number} is more than a day old. Hand the records over again instead`);
  await lockRecords(
    tx,
    parts,
    (ofTable) => sql`t.id in (select i.record_id from handover_items i
      where i.handover_id = ${id} and i.part in (${sql.join(
        ofTable.map((part) => sql`${part}`),
        sql`, `
      )}))`
  );
  // The other way round: what was written last is taken back first.
  for (const part of HANDOVER_PARTS.filter((each) => parts.includes(each)).reverse())
    await giveBack(tx, id, part);
  const [row] = await tx.execute<{ restored: number; left: number }>(sql`
    update handovers h set undone_at = now(), undone_by_id = ${actor.userId}, restored = n.restored
    from (select count(*) filter (where outcome = 'restored')::int as restored,
        count(*) filter (where outcome is distinct from 'restored')::int as "left"
      from handover_items where handover_id = ${id}) n
    where h.id = ${id} returning n.restored, n."left"`);
  if (!row) throw new Forbidden();
  const parties = await partiesOf(tx, [fromId, ...toIds]);
  const receivers = toIds.flatMap((each) => parties.get(each) ?? []);
  await tellOfUndo(tx, actor, {
    handover,
    from: { id: fromId, name: parties.get(fromId)?.name ?? '' },
    receivers
  });
  return row;
}

async function lockHandover(tx: Tx, actor: Actor, id: number): Promise<Locked> {
  const facts = sql`select id, number, from_id as "fromId", to_ids as "toIds", parts, undone_at is not null as undone,
    created_at < now() - make_interval(hours => ${UNDO_HOURS}) as "tooLate" from handovers where id = ${id}`;
  const [seen] = await tx.execute<Locked>(facts);
  if (!seen) throw new NotFound();
  for (const permission of new Set(seen.parts.map((part) => PART_PERMISSIONS[part])))
    for (const userId of [seen.fromId, ...seen.toIds]) mustReach(actor, permission, userId);
  const [locked] = await tx.execute<Locked>(sql`${facts} for update`);
  if (!locked) throw new Forbidden();
  return locked;
}

/** Records that still belong as the handover left them go back; the others are marked with why they do not. */
async function giveBack(tx: Tx, id: number, part: HandoverPart): Promise<void> {
  const { table, columns, unfinished } = SOURCES[part];
  const list = (of: 'before' | 'after') =>
    columns.map((column) => `(i.${of} ->> '${column}')::bigint`).join(', ');
  const mine = sql`i.handover_id = ${id} and i.part = ${part} and t.id = i.record_id`;
  const same = sql.raw(
    `(${columns.map((column) => `t.${column}`).join(', ')}) is not distinct from (${list('after')})`
  );
  const people = columns.filter((column) => column !== 'team_id').map((column) => `i.before ->> '${column}'`);
  const inactive = sql`exists (select 1 from users u where not u.active and u.id::text in (${sql.raw(people.join(', '))}))`;
  await tx.execute(sql`
    update handover_items i set outcome = case when t.id is null then 'gone'
      when not (${sql.raw(unfinished)}) then 'finished'
      when not (${same}) then 'changed' when ${inactive} then 'inactive' else 'restored' end
    from handover_items j left join ${sql.raw(table)} t on t.id = j.record_id
    where j.id = i.id and i.handover_id = ${id} and i.part = ${part}`);
  const written = columns.map((column) => `${column} = (i.before ->> '${column}')::bigint`).join(', ');
  await tx.execute(sql`
    update ${sql.raw(table)} t set ${sql.raw(written)}, updated_at = now(), version = t.version + 1
    from handover_items i where ${mine} and i.outcome = 'restored'`);
}
