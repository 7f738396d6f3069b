import { AUDIT_KINDS } from '#lib/admin/audit-kinds.ts';
import type { AuditEntry } from '#lib/admin/audit-model.ts';
import { wordsOf } from '#lib/ui/words.ts';

type Firm = Parameters<typeof wordsOf>[0];

/** The kind in the firm's word for those it serves. */
export const kindLabel = (kind: NonNullable<AuditEntry['kind']>, firm: Firm): string =>
  kind === 'client' ? wordsOf(firm).Client : AUDIT_KINDS[kind].label;

/** `Client · contact points`. */
export const whatOf = ({ kind, part }: AuditEntry, firm: Firm): string =>
  [kind && kindLabel(kind, firm), kind && part ? part.toLowerCase() : part].filter(Boolean).join(' · ');

const MOST = 4;

/** Of a change the fields, of something added or deleted what it held: `Status, RM and 2 more`. */
export function summaryOf({ action, changes }: AuditEntry): string {
  const told = changes.slice(0, MOST).map(({ label, from, to }) => {
    if (action === 'update') return label;
    return action === 'export' ? (to ?? '') : `${label}: ${to ?? from ?? ''}`;
  });
  const more = changes.length - told.length;
  return more > 0 ? `${told.join(', ')} and ${more} more` : told.join(', ');
}
