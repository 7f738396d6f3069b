/** What a policy may name. */
export interface PolicyChoices {
  types: { id: number; name: string; active: boolean }[];
  teams: { id: number; name: string }[];
  tiers: { key: string; label: string }[];
  tags: string[];
  calendars: { id: number; name: string }[];
}
