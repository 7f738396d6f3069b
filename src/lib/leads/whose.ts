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

/** What the filter by RM of the list and the board says of a pipeline's leads; nothing for everybody's. */
export const PIPELINE_RM = { all: null, head: 'ours', own: 'me' } as const satisfies Record<
  LeadReader,
  string | null
>;

/** Whose leads the board counts unless it is narrowed: those the reader sees, which are more than his pipeline has. */
export const BOARD_OF: Record<LeadReader, string> = {
  all: PIPELINE_OF.all,
  head: 'Your pipeline, and leads your people obtained for colleagues, which it leaves out',
  own: 'Your pipeline, and leads you obtained for colleagues, which it leaves out'
};
