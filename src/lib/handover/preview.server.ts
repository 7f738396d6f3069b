import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { labelsOf, type Label } from './labels.server.ts';
import { HANDOVER_PARTS, type HandoverPart, type HandoverPreviewInput } from './model.ts';
import { workOut } from './plan.server.ts';
import { countsOf } from './spread.ts';

export const PREVIEW_PAGE = 100;
const NAMED = 8;

/**
 * The dry run: what would pass to whom, what stands in the way, and one page of the records of one part. The token is
 * handed back to carry it out.
 */
export async function previewHandover(
  tx: Tx,
  actor: Actor,
  { part, skip = 0, ...plan }: HandoverPreviewInput
) {
  const { from, receivers, items, staying, conflicts, token } = await workOut(tx, actor, plan);
  const counts = countsOf(items);
  const shown = part ?? HANDOVER_PARTS.find((each) => counts[each] > 0) ?? null;
  const all = items.filter((item) => item.part === shown);
  const listed = all.slice(skip, skip + PREVIEW_PAGE);
  const named = conflicts.map((conflict) => conflict.items.slice(0, NAMED));
  const labels = await labelAll(tx, [listed, staying, ...named].flat());
  return {
    token,
    from: { id: from.id, name: from.name },
    receivers: receivers.map(({ id, name, team }) => ({ id, name, team, counts: countsOf(items, id) })),
    counts,
    total: items.length,
    conflicts: conflicts.map(({ kind, blocks, text, items: about }, index) => ({
      kind,
      blocks,
      text,
      records: labels(named[index] ?? []),
      more: Math.max(0, about.length - NAMED)
    })),
    part: shown,
    records: labels(listed),
    /** Clients for whom it was said that they stay. */
    staying: labels(staying),
    skip,
    nextSkip: all.length > skip + PREVIEW_PAGE ? skip + PREVIEW_PAGE : null
  };
}

export type HandoverPreview = Awaited<ReturnType<typeof previewHandover>>;

interface Labelled {
  part: HandoverPart;
  id: number;
  toId?: number;
}

interface NamedRecord extends Label {
  part: HandoverPart;
  id: number;
  /** Who would get it; null where it stays. */
  toId: number | null;
}

/** One statement for each kind of record among them. */
async function labelAll(tx: Tx, records: Labelled[]): Promise<(some: Labelled[]) => NamedRecord[]> {
  const known = new Map<HandoverPart, Map<number, Label>>();
  for (const part of new Set(records.map((record) => kindOf(record.part)))) {
    const ids = records.filter((record) => kindOf(record.part) === part).map(({ id }) => id);
    known.set(part, await labelsOf(tx, part, [...new Set(ids)]));
  }
  return (some) =>
    some.flatMap(({ part, id, toId = null }) => {
      const label = known.get(kindOf(part))?.get(id);
      return label ? [{ part, id, toId, ...label }] : [];
    });
}

const kindOf = (part: HandoverPart): HandoverPart =>
  part === 'secondary' || part === 'contacts' ? 'clients' : part;
