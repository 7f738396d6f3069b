import type { MergedFact } from '#lib/clients/inputs.ts';
import { KIND_LABELS } from '#lib/clients/model.ts';
import type { Outputs } from '#lib/platform/trpc/client.ts';
import { plural } from '#lib/ui/format.ts';

export type Compared = Outputs['clients']['compare']['client'];

interface Lists {
  client_type: { key: string; label: string }[];
  client_tier: { key: string; label: string }[];
}

/** The facts that are chosen between, in the order of the page; days as they are stored. */
export const FACTS: { fact: MergedFact; label: string; day?: true }[] = [
  { fact: 'name', label: 'Name' },
  { fact: 'kind', label: 'Kind' },
  { fact: 'type', label: 'Type' },
  { fact: 'organisation', label: 'Organisation' },
  { fact: 'pan', label: 'PAN' },
  { fact: 'accountId', label: 'Account id' },
  { fact: 'tier', label: 'Tier' },
  { fact: 'primaryRmId', label: 'RM' },
  { fact: 'secondaryRmId', label: 'Second point of contact' },
  { fact: 'language', label: 'Language' },
  { fact: 'reviewEveryMonths', label: 'Review' },
  { fact: 'nextReviewOn', label: 'Next review', day: true },
  { fact: 'nextContactOn', label: 'Next contact', day: true }
];

/** A fact of one client in words; null where it has none. */
export function shownFact(client: Compared, fact: MergedFact, lists: Lists | null): string | null {
  const labelOf = (list: keyof Lists, key: string | null) =>
    lists?.[list].find((entry) => entry.key === key)?.label ?? key;
  switch (fact) {
    case 'kind':
      return KIND_LABELS[client.kind];
    case 'type':
      return labelOf('client_type', client.type);
    case 'tier':
      return labelOf('client_tier', client.tier);
    case 'pan':
      return panOf(client);
    case 'primaryRmId':
      return client.rm;
    case 'secondaryRmId':
      return client.secondaryRm;
    case 'reviewEveryMonths':
      return client.reviewEveryMonths === null ? null : `Every ${plural(client.reviewEveryMonths, 'month')}`;
    default:
      return client[fact];
  }
}

function panOf({ panLast4, panHolder, guardianName, panExemptReason }: Compared): string | null {
  if (panLast4)
    return `••••••${panLast4}${panHolder === 'guardian' ? `, of ${guardianName ?? 'the guardian'}` : ''}`;
  return panExemptReason ? `Exempt: ${panExemptReason}` : null;
}

/** What moves along with a client, in words. */
export function belongings(client: Compared): string[] {
  const counted: [number, string, string?][] = [
    [client.interactions, 'conversation'],
    [client.notes, 'note'],
    [client.holdings, 'holding'],
    [client.queries, 'query', 'queries'],
    [client.requests, 'service request'],
    [client.leads, 'lead'],
    [client.addresses, 'address', 'addresses']
  ];
  return counted.filter(([count]) => count > 0).map(([count, one, many]) => plural(count, one, many));
}
