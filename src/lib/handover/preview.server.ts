import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { labelsOf } from './labels.server.ts';
import { HANDOVER_PARTS, type HandoverPart, type HandoverPreviewInput } from './model.ts';
import { workOut } from './plan.server.ts';
import { countsOf, type Item } from './spread.ts';

export const PREVIEW_PAGE = 100;
const NAMED_IN_CONFLICT = 8;

/**
 * The dry run: what would pass to whom, what stands in the way, and one page of the records of one part. The token is
 * handed back to carry it out.
 */
export async function previewHandover(
  tx: Tx,
  actor: Actor,
  { part, skip = 0, ...plan }: HandoverPreviewInput
) {
  const { from, receivers, items, conflicts, token } = await workOut(tx, actor, plan);
  const counts = countsOf(items);
  const shown = part ?? HANDOVER_PARTS.find((each) => counts[each] > 0) ?? null;
  const records = items.filter((item) => item.part === shown);
  return {
    token,
    from: { id: from.id, name: from.name },
    receivers: receivers.map(({ id, name, team }) => ({ id, name, team, counts: countsOf(items, id) })),
    counts,
    total: items.length,
    conflicts: await Promise.all(
      conflicts.map(async ({ kind, blocks, text, items: about }) => ({
        kind,
        blocks,
        text,
        records: await named(tx, about.slice(0, NAMED_IN_CONFLICT)),
        more: Math.max(0, about.length - NAMED_IN_CONFLICT)
      }))
    ),
    part: shown,
    records: shown ? await named(tx, records.slice(skip, skip + PREVIEW_PAGE)) : [],
    skip,
    nextSkip: records.length > skip + PREVIEW_PAGE ? skip + PREVIEW_PAGE : null
  };
}

export type HandoverPreview = Awaited<ReturnType<typeof previewHandover>>;

interface NamedRecord {
  part: HandoverPart;
  id: number;
  number: string;
  name: string;
  detail: string | null;
  toId: number;
}

async function named(tx: Tx, items: Item[]): Promise<NamedRecord[]> {
  const [first] = items;
  if (!first) return [];
  const labels = await labelsOf(
    tx,
    first.part,
    items.map(({ id }) => id)
  );
  return items.flatMap(({ part, id, toId }) => {
    const label = labels.get(id);
    return label ? [{ part, id, toId, ...label }] : [];
  });
}
