/** A kind of record as the audit trail speaks of it: its own table and those filed under it. */
interface AuditKind {
  label: string;
  tables: readonly string[];
  /** Its page; without one for what is looked after on one page for all. */
  href: (id: number) => string;
  /** What its human number begins with: `CL-000123`. */
  prefix?: string;
}

export const AUDIT_KINDS = {
  lead: { label: 'Lead', tables: ['leads', 'lead_contacts'], href: (id) => `/leads/${id}`, prefix: 'LD' },
  client: {
    label: 'Client',
    tables: [
      ...['clients', 'client_contact_points', 'client_addresses', 'client_tags', 'client_notes'],
      ...['client_merges', 'duplicate_reviews']
    ],
    href: (id) => `/clients/${id}`,
    prefix: 'CL'
  },
  query: { label: 'Query', tables: ['queries'], href: (id) => `/queries/${id}`, prefix: 'QR' },
  request: { label: 'Request', tables: ['service_requests'], href: (id) => `/requests/${id}`, prefix: 'SR' },
  interaction: {
    label: 'Interaction',
    tables: ['interactions', 'portfolio_reviews', 'reviewed_holdings'],
    href: (id) => `/interactions/${id}`
  },
  holding: { label: 'Holding', tables: ['holdings'], href: () => '' },
  comment: { label: 'Comment', tables: ['comments'], href: () => '' },
  handover: { label: 'Handover', tables: ['handovers'], href: () => '' },
  product: { label: 'Product', tables: ['products'], href: (id) => `/catalogue/${id}` },
  user: {
    label: 'User',
    tables: ['users', 'user_profiles', 'user_capabilities', 'accounts'],
    href: (id) => `/admin/users/${id}`
  },
  team: { label: 'Team', tables: ['teams', 'team_members'], href: (id) => `/admin/teams/${id}` },
  role: { label: 'Role', tables: ['roles', 'role_grants'], href: (id) => `/admin/roles/${id}` },
  requestType: {
    label: 'Request type',
    tables: ['request_types'],
    href: (id) => `/admin/request-types/${id}`
  },
  listItem: { label: 'List item', tables: ['list_items'], href: () => '/admin/lists' },
  policy: {
    label: 'Policy',
    tables: ['policies', 'policy_versions'],
    href: (id) => `/admin/policies/${id}`
  },
  // Filed under the version, which is shown on the policy's page.
  policyVersion: { label: 'Policy version', tables: ['policy_targets', 'policy_steps'], href: () => '' },
  calendar: {
    label: 'Calendar',
    tables: ['calendars', 'calendar_windows', 'calendar_holidays'],
    href: (id) => `/admin/calendars/${id}`
  },
  // Nothing but its files: a report is read, never written.
  report: { label: 'Report', tables: ['reports'], href: () => '/reports' },
  firm: { label: 'Firm settings', tables: ['firm_settings'], href: () => '/admin/settings' }
} as const satisfies Record<string, AuditKind>;

export type AuditKindName = keyof typeof AUDIT_KINDS;
export const AUDIT_KIND_NAMES = Object.keys(AUDIT_KINDS) as AuditKindName[];

const KIND_OF_TABLE = new Map<string, AuditKindName>(
  AUDIT_KIND_NAMES.flatMap((name) => AUDIT_KINDS[name].tables.map((table) => [table, name] as const))
);

export const kindOfTable = (table: string): AuditKindName | undefined => KIND_OF_TABLE.get(table);

/** `Contact points` of `client_contact_points`; null for a kind's own table. */
export function partOf(table: string): string | null {
  const kind = kindOfTable(table);
  if (kind && AUDIT_KINDS[kind].tables[0] === table) return null;
  const words = table.replace(/^(client|user|role|team|policy|calendar)_/, '').replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A record as somebody types it: `CL-000123`, `cl 123`, or an id alone. */
export function recordNamed(text: string): { kind?: AuditKindName; id: number } | undefined {
  const match = /^(?:([a-z]{2})[-\s]?)?0*(\d{1,15})$/i.exec(text.trim());
  if (!match) return undefined;
  const id = Number(match[2]);
  if (!match[1]) return { id };
  const prefix = match[1].toUpperCase();
  const kind = AUDIT_KIND_NAMES.find((name) => numberPrefix(name) === prefix);
  return kind && { kind, id };
}

const numberPrefix = (name: AuditKindName): string | undefined => {
  const kind: AuditKind = AUDIT_KINDS[name];
  return kind.prefix;
};
