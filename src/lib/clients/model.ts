export const CLIENT_KINDS = ['individual', 'organisation'] as const;
export const LIFECYCLES = ['active', 'archived'] as const;
export const CONTACT_KINDS = ['email', 'phone', 'whatsapp'] as const;
