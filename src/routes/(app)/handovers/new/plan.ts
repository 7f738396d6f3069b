import { HANDOVER_PARTS, type HandoverPart } from '#lib/handover/model.ts';

/** A handover as far as the address of the page says it: complete or not. */
export interface PlanSoFar {
  fromId: number | undefined;
  toIds: number[];
  parts: HandoverPart[];
  picks: { clientId: number; toId: number | null }[];
}

const idOf = (text: string | null) => {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
};

/** `pick=12:7` gives client 12 to person 7, `pick=12:stay` leaves it. */
function pickOf(text: string) {
  const [client = '', person = ''] = text.split(':');
  const clientId = idOf(client);
  const toId = person === 'stay' ? null : idOf(person);
  return clientId === undefined || toId === undefined ? [] : [{ clientId, toId }];
}

/** Reads the plan out of the address; everything passes where nothing was chosen yet. */
export function planOf({ searchParams }: URL): PlanSoFar {
  const chosen = searchParams.getAll('what');
  const parts = HANDOVER_PARTS.filter((part) => chosen.includes(part));
  const toIds = searchParams.getAll('to').flatMap((text) => idOf(text) ?? []);
  return {
    fromId: idOf(searchParams.get('from')),
    toIds: [...new Set(toIds)],
    parts: parts.length > 0 || searchParams.has('from') ? parts : [...HANDOVER_PARTS],
    picks: [
      ...new Map(
        searchParams
          .getAll('pick')
          .flatMap(pickOf)
          .map((pick) => [pick.clientId, pick])
      ).values()
    ]
  };
}

/** Without a person picked for one client. */
export function withoutPick(url: URL, clientId: number): string {
  const next = new URL(url);
  const picks = next.searchParams.getAll('pick').filter((text) => !text.startsWith(`${clientId}:`));
  next.searchParams.delete('pick');
  for (const pick of picks) next.searchParams.append('pick', pick);
  return next.pathname + next.search;
}
