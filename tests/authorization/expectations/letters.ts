import type { TestFirm } from '../../support/firm.ts';
import type { ActorName, Kind, Target } from '../world.ts';

/**
 * One letter for each relation (own, team's, other's, missing), or one for procedures without a record:
 * o done · n not found · f forbidden · r a rule says no · u not signed in
 */
export type Cells = string;

export interface Expectation {
  kind: Kind;
  cells: Record<ActorName, Cells>;
  /** For those who hold every capability, where that makes a difference. */
  capable?: Record<ActorName, Cells>;
  input: (target: Target, firm: TestFirm) => unknown;
  /** What the record must be like for the action to be possible. */
  state?: Record<string, unknown>;
  /** Procedures for everybody: what somebody who is not signed in gets. */
  anonymous?: string;
}

export type Expectations = Record<string, Expectation>;

type Input = Expectation['input'];

const cellsOf = (letters: string): Record<ActorName, Cells> => {
  const [executive = '', ops = '', head = '', administrator = ''] = letters.split(' ');
  return { executive, ops, head, administrator };
};

/** `letters` are for executive, operations, head and administrator, in this order. */
export const on = (
  kind: Kind,
  letters: string,
  input: Input,
  state?: Record<string, unknown>
): Expectation => ({ kind, cells: cellsOf(letters), input, ...(state ? { state } : {}) });

export const free = (letters: string, input: Input = () => ({})): Expectation => on('none', letters, input);

export const open = (anonymous: string, letters: string, input: Input): Expectation => ({
  ...free(letters, input),
  anonymous
});

export const byId: Input = ({ id }) => ({ id });

export const ofClient =
  (more: object = {}): Input =>
  ({ clientId }) => ({ clientId, ...more });

export const acting =
  (more: object): Input =>
  ({ id }) => ({ id, ...more });

let entered = 0;

/** A number no other input holds: for what must be unique. */
export const fresh = () => ++entered;
