/** What the audit trail holds: changes of rows, and acts that change none. */
export const AUDIT_ACTIONS = [
  'insert',
  'update',
  'delete',
  'reveal',
  'export',
  'preview',
  'sign_in',
  'sign_out',
  'sign_in_failed',
  'password'
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];
