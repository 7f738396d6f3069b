export const REVIEW_DUE = ['overdue', 'week', 'soon', 'none'] as const;

export type ReviewDue = (typeof REVIEW_DUE)[number];

export const REVIEW_DUE_LABELS: Record<ReviewDue, string> = {
  overdue: 'Overdue',
  week: 'Within 7 days',
  soon: 'Within 30 days',
  none: 'None set'
};
