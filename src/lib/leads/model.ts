export const LEAD_STATUSES = ['new', 'wip', 'converted', 'denied'] as const;
export const LEAD_MODES = ['call', 'mail', 'whatsapp'] as const;
