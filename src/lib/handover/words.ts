import { plural } from '#lib/ui/format.ts';
import { HANDOVER_PARTS, type HandoverPart, type UndoOutcome, type WorkCounts } from './model.ts';

const ONE: Record<HandoverPart, [string, string?]> = {
  clients: ['client'],
  secondary: ['client as second contact', 'clients as second contact'],
  contacts: ['planned contact'],
  leads: ['open lead'],
  queries: ['open query', 'open queries'],
  requests: ['open request']
};

export const PART_LABELS: Record<HandoverPart, string> = {
  clients: 'Clients, as first contact',
  secondary: 'Clients, as second contact',
  contacts: 'Planned contacts',
  leads: 'Open leads',
  queries: 'Open queries',
  requests: 'Open requests'
};

export const OUTCOME_LABELS: Record<UndoOutcome, string> = {
  restored: 'Given back',
  changed: 'Given to somebody else since',
  finished: 'Finished since',
  gone: 'No longer there, or no longer with your people',
  inactive: 'Its former person is no longer active'
};

/** `12 clients, 3 open leads`. */
export function countsInWords(counts: WorkCounts): string {
  const parts = HANDOVER_PARTS.filter((part) => counts[part] > 0);
  return parts.map((part) => plural(counts[part], ...ONE[part])).join(', ') || 'Nothing';
}
