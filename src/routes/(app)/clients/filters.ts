import { ATTENTION } from '#lib/clients/attention.ts';
import { CLIENT_SORTS, SHOWN_LIFECYCLES } from '#lib/clients/model.ts';
import { REVIEW_DUE } from '#lib/clients/review-due.ts';
import { queryOf } from '#lib/ui/query.ts';

/** What the address of the list asks for. */
export function wantedIn(url: URL) {
  const query = queryOf(url);
  const filter = {
    q: query.text('q'),
    rmId: query.id('rm'),
    people: query.oneOf('rm', ['people']) && true,
    type: query.text('type'),
    tier: query.text('tier'),
    tag: query.text('tag'),
    language: query.text('language'),
    attention: query.oneOf('attention', ATTENTION),
    reviewDue: query.oneOf('reviewDue', REVIEW_DUE),
    lifecycle: query.oneOf('lifecycle', SHOWN_LIFECYCLES)
  };
  return { filter, sort: query.sort(CLIENT_SORTS) };
}
