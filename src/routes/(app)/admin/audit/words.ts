import { AUDIT_KINDS } from '#lib/admin/audit-kinds.ts';
import { ACTION_LABELS, type AuditEntry } from '#lib/admin/audit-model.ts';
import { wordsOf } from '#lib/ui/words.ts';

type Firm = Parameters<typeof wordsOf>[0];

/** The kind in the firm's word for those it serves. */
export const kindLabel = (kind: NonNullable<AuditEntry['kind']>, firm: Firm): string =>
  kind === 'client' ? wordsOf(firm).Client : AUDIT_KINDS[kind].label;

/** `Client · contact points`. */
export const whatOf = ({ kind, part }: AuditEntry, firm: Firm): string =>
  [kind && kindLabel(kind, firm), kind && part ? part.toLowerCase() : part].filter(Boolean).join(' · ');

const MOST = 4;

/** `Changed: status, RM and 2 more`. */
export function summaryOf({ action, changes }: AuditEntry): string {
  const verb = ACTION_LABELS[action];
  if (action === 'export') return changes.find(({ label }) => label === 'What')?.to ?? '';
  if (action !== 'update' || changes.length === 0) return action === 'update' ? verb : '';
  const named = changes.slice(0, MOST).map(({ label }) => label);
  const more = changes.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}
