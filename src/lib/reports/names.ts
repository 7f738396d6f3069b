/** Every report of its own page; the nightly pipeline stands beside them. */
export const REPORTS = ['promises', 'ageing', 'escalations', 'reviews', 'referrals'] as const;
export type ReportName = (typeof REPORTS)[number];
