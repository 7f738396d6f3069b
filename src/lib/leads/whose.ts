import type { Actor } from '#lib/platform/auth/permissions.ts';

/** Whose leads a pipeline counts for a reader: everybody's, those of a head's people and teams, his own. */
export type LeadReader = 'all' | 'head' | 'own';

export function leadReaderOf({
  seesAll,
  headedTeamIds
}: Pick<Actor, 'seesAll' | 'headedTeamIds'>): LeadReader {
  if (seesAll) return 'all';
  return headedTeamIds.length > 0 ? 'head' : 'own';
}

/** The same in words: on the home page, in the nightly report and in digests. */
export const PIPELINE_OF: Record<LeadReader, string> = {
  all: 'All leads',
  head: 'Leads of your people, and those that wait for your teams',
  own: 'Your leads'
};
