/** More days than this since the last contact, where no promise says otherwise: urgent. */
export const URGENT_AFTER_DAYS = 90;
/** More days than this since the last contact, where no promise says otherwise: warning. */
export const WARNING_AFTER_DAYS = 60;

export const ATTENTION = ['urgent', 'warning', 'fine', 'never'] as const;

/** How much a client needs to hear from us, by the last contact and what was promised. */
export type Attention = (typeof ATTENTION)[number];

export const ATTENTION_LABELS: Record<Attention, string> = {
  urgent: 'Urgent',
  warning: 'Due soon',
  fine: 'In touch',
  never: 'Never contacted'
};

/** How the state of a client comes about. */
export interface Contacted {
  attention: Attention;
  /** Whole days of the firm since the last contact; null when there never was one. */
  daysSinceContact: number | null;
  /** More days than this without contact are urgent for this client. */
  urgentAfterDays: number;
}

const counted = (days: number) => (days === 1 ? '1 day' : `${days} days`);

/** `no contact for 35 days`, of whoever was contacted and should hear from us. */
export const silentFor = ({ daysSinceContact }: Contacted): string =>
  `no contact for ${counted(daysSinceContact ?? 0)}`;

/** Why a client is in that state: `No contact for 35 days, urgent after 30`. */
export function whyAttention({ daysSinceContact: days, urgentAfterDays }: Contacted): string {
  if (days === null) return 'Nobody has spoken with them yet';
  const urgent =
    urgentAfterDays === 0 ? 'urgent from the next day' : `urgent after ${counted(urgentAfterDays)}`;
  return days <= 0 ? `Last contact today, ${urgent}` : `No contact for ${counted(days)}, ${urgent}`;
}
