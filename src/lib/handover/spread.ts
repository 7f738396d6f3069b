import type { HandoverPart, HandoverPlan, WorkCounts } from './model.ts';
import { HANDOVER_PARTS, noWork } from './model.ts';

/** The people a record belongs to, by the names of its columns. */
type Belongs = Record<string, number | null>;

/** One record and where it goes. */
export interface Item {
  part: HandoverPart;
  id: number;
  clientId: number | null;
  toId: number;
  before: Belongs;
  after: Belongs;
}

interface Source {
  part: HandoverPart;
  id: number;
  clientId: number | null;
  belongs: Belongs;
}

interface Receiver {
  id: number;
  mainTeamId: number | null;
  teamIds: number[];
}

/**
 * Who gets what. Clients are dealt out in turn, in their order; whatever is about a client that passes goes to the same
 * person, and so does a client for whom somebody was picked; the rest is dealt out in turn, part by part.
 */
export function spread(
  held: readonly Source[],
  receivers: readonly Receiver[],
  picks: HandoverPlan['picks']
): Item[] {
  const picked = new Map(picks?.map(({ clientId, toId }) => [clientId, toId]));
  const goesTo = new Map<number, Receiver>();
  const now = new Map<number, Belongs>();
  const byId = new Map(receivers.map((receiver) => [receiver.id, receiver]));
  const items: Item[] = [];
  for (const part of HANDOVER_PARTS) {
    let turn = 0;
    for (const record of held.filter((each) => each.part === part)) {
      const { id, clientId } = record;
      const pick = clientId === null ? undefined : picked.get(clientId);
      if (pick === null) continue;
      const known = byId.get(pick ?? 0) ?? (clientId === null ? undefined : goesTo.get(clientId));
      const to = known ?? receivers[turn++ % receivers.length];
      if (!to) continue;
      if (clientId !== null) goesTo.set(clientId, to);
      const ofClient = part === 'clients' || part === 'secondary';
      const before = (ofClient && now.get(id)) || record.belongs;
      const after = belongsAfter(part, before, to);
      if (ofClient) now.set(id, after);
      items.push({ part, id, clientId, toId: to.id, before, after });
    }
  }
  return items;
}

function belongsAfter(part: HandoverPart, before: Belongs, to: Receiver): Belongs {
  const second = before.secondary_rm_id ?? null;
  const team = before.team_id ?? null;
  switch (part) {
    case 'clients':
      return { primary_rm_id: to.id, secondary_rm_id: second === to.id ? null : second };
    case 'secondary':
      return { ...before, secondary_rm_id: before.primary_rm_id === to.id ? null : to.id };
    case 'contacts':
      return { next_contact_by_id: to.id };
    case 'leads':
      return { conversion_rm_id: to.id, team_id: to.mainTeamId ?? team };
    case 'queries':
      return { rm_id: to.id, team_id: to.mainTeamId ?? team };
    case 'requests': {
      const stays = team !== null && to.teamIds.includes(team);
      return { assignee_id: to.id, team_id: stays ? team : (to.mainTeamId ?? team) };
    }
  }
}

/** How many records of each part, all or one receiver's. */
export function countsOf(items: readonly Item[], toId?: number): WorkCounts {
  const counts = noWork();
  for (const item of items) if (toId === undefined || item.toId === toId) counts[item.part]++;
  return counts;
}
