export const HOLDING_KINDS = ['investment', 'owned'] as const;
export const HOLDING_MODES = ['lump_sum', 'sip'] as const;
export const HOLDING_STATUSES = ['active', 'closed'] as const;
