import type { LeadFilter } from '#lib/leads/inputs.ts';
import {
  AGES,
  FOLLOW_UP_DUE,
  LEAD_MODES,
  LEAD_PROMISES,
  LEAD_STATUSES,
  OPEN_STATUSES
} from '#lib/leads/model.ts';
import { queryOf } from '#lib/ui/query.ts';

const AMOUNT = /^\d{1,14}(\.\d{1,2})?$/;

/** The filters of the address, as the controls show them. */
export function shownIn(url: URL) {
  const query = queryOf(url);
  const amount = (name: string) => {
    const text = query.text(name)?.replaceAll(',', '');
    return text && AMOUNT.test(text) ? text : undefined;
  };
  return {
    q: query.text('q'),
    status: query.oneOf('status', ['open', ...LEAD_STATUSES]),
    mode: query.oneOf('mode', [...LEAD_MODES, 'none']),
    rm: query.oneOf('rm', ['me', 'people', 'nobody', 'waiting', 'ours']) ?? query.id('rm'),
    obtainedById: query.id('obtainedBy'),
    teamId: query.id('team'),
    mainTeamId: query.oneOf('mainTeam', ['none']) ?? query.id('mainTeam'),
    productId: query.id('product'),
    withoutProduct: query.oneOf('product', ['none']) && true,
    denialReason: query.text('reason')?.slice(0, 50),
    followUp: query.oneOf('followUp', FOLLOW_UP_DUE),
    promise: query.oneOf('promise', LEAD_PROMISES),
    moved: query.oneOf('moved', ['yes']) && true,
    movedFrom: query.day('movedFrom'),
    movedTo: query.day('movedTo'),
    age: query.oneOf('age', AGES),
    valueFrom: amount('valueFrom'),
    valueTo: amount('valueTo'),
    from: query.day('from'),
    to: query.day('to')
  };
}

export type ShownFilters = ReturnType<typeof shownIn>;

/** What they mean to `leads.list` and `leads.board`. */
export function filterOf({ rm, status, age, mode, ...rest }: ShownFilters): LeadFilter {
  return {
    ...rest,
    status: status === 'open' ? [...OPEN_STATUSES] : status && [status],
    mine: rm === 'me' || undefined,
    mode: mode === 'none' ? undefined : mode,
    withoutMode: mode === 'none' || undefined,
    people: rm === 'people' || rm === 'ours' || undefined,
    unassigned: rm === 'nobody' || undefined,
    waiting: rm === 'waiting' || rm === 'ours' || undefined,
    rmId: typeof rm === 'number' ? rm : undefined,
    minAgeDays: age && Number(age)
  };
}
