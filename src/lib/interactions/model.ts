export const PURPOSES = ['new_business', 'query_resolution', 'portfolio_review', 'general'] as const;
export const CHANNELS = ['in_person', 'call', 'email', 'video', 'whatsapp', 'sms', 'note'] as const;
export const DIRECTIONS = ['inbound', 'outbound', 'internal'] as const;
