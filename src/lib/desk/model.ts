export const QUERY_STATUSES = ['open', 'in_progress', 'resolved', 'closed'] as const;
export const REQUEST_STATUSES = ['pending', 'in_progress', 'completed', 'rejected'] as const;
export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export const WAITING_ON = ['client', 'third_party'] as const;
