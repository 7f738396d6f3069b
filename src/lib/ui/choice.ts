/** One thing a typeahead offers. */
export interface Choice {
  value: number;
  label: string;
  /** Muted, after the label: a number, a city. */
  detail?: string | null;
}
