export const PURPOSES = ['new_business', 'query_resolution', 'portfolio_review', 'general'] as const;

export const CHANNELS = ['in_person', 'call', 'email', 'video', 'whatsapp', 'sms', 'note'] as const;

export const DIRECTIONS = ['inbound', 'outbound', 'internal'] as const;

export type Purpose = (typeof PURPOSES)[number];

export type Channel = (typeof CHANNELS)[number];

export type Direction = (typeof DIRECTIONS)[number];

export const PURPOSE_LABELS: Record<Purpose, string> = {
  new_business: 'New business',
  query_resolution: 'Query resolution',
  portfolio_review: 'Portfolio review',
  general: 'General'
};

export const CHANNEL_LABELS: Record<Channel, string> = {
  in_person: 'In person',
  call: 'Call',
  email: 'E-mail',
  video: 'Video',
  whatsapp: 'WhatsApp',
  sms: 'SMS',
  note: 'Note'
};

export const DIRECTION_LABELS: Record<Direction, string> = {
  inbound: 'Inbound',
  outbound: 'Outbound',
  internal: 'Internal'
};
