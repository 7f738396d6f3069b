import { z } from 'zod';
import { AUDIT_ACTIONS, type AuditAction } from '#lib/platform/audit/actions.ts';
import { AUDIT_KIND_NAMES, type AuditKindName } from './audit-kinds.ts';

const id = z.number().int().positive();

const auditFilter = z.strictObject({
  /** Whoever did it; 0 for what Rapport did by itself. */
  byId: z.number().int().min(0).optional(),
  kind: z.enum(AUDIT_KIND_NAMES).optional(),
  recordId: id.optional(),
  action: z.enum(AUDIT_ACTIONS).optional(),
  /** First and last day, in the firm's time zone. */
  from: z.iso.date().optional(),
  to: z.iso.date().optional()
});

export const listAuditInput = z
  .strictObject({
    filter: auditFilter.optional(),
    cursor: z.string().max(1000).optional(),
    limit: z.number().int().min(1).max(100).optional()
  })
  .default({});
export const auditByIdInput = z.strictObject({ id });
export const auditPeopleInput = z.strictObject({}).optional();
export const exportAuditInput = z.strictObject({ filter: auditFilter.optional() }).default({});

export type AuditFilter = z.output<typeof auditFilter>;

export const ACTION_LABELS: Record<AuditAction, string> = {
  insert: 'Added',
  update: 'Changed',
  delete: 'Deleted',
  reveal: 'Looked at the whole PAN',
  export: 'Exported',
  preview: 'Previewed',
  sign_in: 'Signed in',
  sign_out: 'Signed out',
  sign_in_failed: 'Sign-in failed',
  password: 'Changed the password'
};

/** One entry of the trail, in words. */
export interface AuditEntry {
  id: number;
  at: Date;
  action: AuditAction;
  /** Null for what Rapport did by itself, and for a sign-in that failed. */
  by: { id: number; name: string } | null;
  kind: AuditKindName | null;
  /** What of the record, where it is not the record itself: `Contact points`. */
  part: string | null;
  record: { id: number; label: string; href: string } | null;
  changes: AuditChange[];
}

export interface AuditChange {
  label: string;
  /** Times as ISO 8601; null where there was or is nothing. */
  from: string | null;
  to: string | null;
}
