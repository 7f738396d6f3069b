export const REVIEW_DUE = ['overdue', 'soon', 'none'] as const;

export type ReviewDue = (typeof REVIEW_DUE)[number];

export const REVIEW_DUE_LABELS: Record<ReviewDue, string> = {
  overdue: 'Overdue',
  soon: 'Within 30 days',
  none: 'None set'
};
