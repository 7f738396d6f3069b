import { AUDIT_KIND_NAMES, recordNamed } from '#lib/admin/audit-kinds.ts';
import type { AuditFilter } from '#lib/admin/audit-model.ts';
import { AUDIT_ACTIONS } from '#lib/platform/audit/actions.ts';
import { queryOf } from '#lib/ui/query.ts';

/** The filters of the address, as the controls show them; `by=rapport` is what nobody did. */
export function shownIn(url: URL) {
  const query = queryOf(url);
  return {
    q: query.text('q'),
    by: query.oneOf('by', ['rapport']) ?? query.id('by'),
    kind: query.oneOf('kind', AUDIT_KIND_NAMES),
    action: query.oneOf('action', AUDIT_ACTIONS),
    from: query.day('from'),
    to: query.day('to')
  };
}

export type ShownFilters = ReturnType<typeof shownIn>;

/** What they mean to `admin.audit.list`; null where the record that was typed is none. */
export function filterOf({ q, by, kind, ...rest }: ShownFilters): AuditFilter | null {
  const record = q === undefined ? undefined : recordNamed(q);
  if (q !== undefined && (!record || (kind && record.kind && record.kind !== kind))) return null;
  return { ...rest, kind: record?.kind ?? kind, recordId: record?.id, byId: by === 'rapport' ? 0 : by };
}
