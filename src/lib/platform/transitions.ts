import { RuleViolation } from './errors.ts';

/** One way from a status to the next. */
export interface Transition<Status extends string = string, Action extends string = string> {
  action: Action;
  from: readonly Status[];
  to: Status;
  /** Only heads and administrators. */
  byHead?: boolean;
}

/** Whoever moves things: 0 administrator, 1 head, 2 executive. */
interface Mover {
  level: number;
}

const allows = (transition: Transition, status: string, mover: Mover) =>
  transition.from.includes(status) && (!transition.byHead || mover.level <= 1);

/** What may be done with something in this status, without repetition, in the order of the table. */
export function possibleActions<Status extends string, Action extends string>(
  table: readonly Transition<Status, Action>[],
  status: Status,
  mover: Mover
): Action[] {
  return [...new Set(table.filter((each) => allows(each, status, mover)).map(({ action }) => action))];
}

/** The status that an action leads to; a RuleViolation says what is possible where it leads nowhere. */
export function statusAfter<Status extends string, Action extends string>(
  table: readonly Transition<Status, Action>[],
  action: Action,
  status: Status,
  mover: Mover,
  words: { noun: string; statuses: Record<Status, string>; actions: Record<Action, string> }
): Status {
  const found = table.find((each) => each.action === action && allows(each, status, mover));
  if (found) return found.to;
  const possible = possibleActions(table, status, mover).map((each) => words.actions[each].toLowerCase());
  throw new RuleViolation(
    `This ${words.noun} is ${words.statuses[status].toLowerCase()}, so “${words.actions[action].toLowerCase()}” ` +
      `is not possible. Possible now: ${possible.length > 0 ? possible.join(', ') : 'nothing'}.`
  );
}
