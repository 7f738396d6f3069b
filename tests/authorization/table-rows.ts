import type { Sql } from 'postgres';
import type { TestFirm } from '../support/firm.ts';
import { actorNamed, mint, type ActorName, type Kind, type Relation } from './world.ts';

export type Present = Exclude<Relation, 'missing'>;

/** The row that is tried: found by one column, changed in another. */
export interface Row {
  column: string;
  value: number;
}

export interface TableExpectation {
  /**
   * For executive, operations, head and administrator: what selecting, updating and deleting the row does for one's
   * own record, one of the team's and another's, with nothing between the person and Postgres.
   * 1 done · 0 no such row · - not a right of the role
   */
  cells: { select: string; update: string; delete: string };
  /** A column that an update sets to what it is. */
  touch: string;
  make: (sql: Sql, firm: TestFirm, name: ActorName, relation: Present) => Promise<Row>;
}

export const cells = (select: string, update: string, remove: string) => ({ select, update, delete: remove });

/** The record itself, or by another column what belongs to its client. */
export const asMinted =
  (kind: Kind, column = 'id') =>
  async (_: Sql, firm: TestFirm, name: ActorName, relation: Present): Promise<Row> => {
    const { id, clientId } = await mint(firm, kind, name, relation);
    return { column, value: column === 'client_id' ? clientId : id };
  };

/** A row about a client of that relation, by nobody the actor is or leads. */
export const ofClient =
  (insert: (sql: Sql, clientId: number, firm: TestFirm) => Promise<unknown>) =>
  async (sql: Sql, firm: TestFirm, name: ActorName, relation: Present): Promise<Row> => {
    const { id } = await mint(firm, 'client', name, relation);
    await insert(sql, id, firm);
    return { column: 'client_id', value: id };
  };

/** Whose a row about a person is. */
function personOf(firm: TestFirm, name: ActorName, relation: Present): number {
  const own = actorNamed(firm, name).userId;
  const team = { executive: firm.rm2, ops: firm.ops2, head: firm.rm, administrator: firm.rm }[name].userId;
  return { own, team, other: firm.otherRm.userId }[relation];
}

/** A row about oneself, a person of one's team, or another. */
export const ofPerson =
  (insert: (sql: Sql, userId: number) => Promise<unknown>, column = 'user_id') =>
  async (sql: Sql, firm: TestFirm, name: ActorName, relation: Present): Promise<Row> => {
    const value = personOf(firm, name, relation);
    await insert(sql, value);
    return { column, value };
  };

export const NOTHING = '--- --- --- ---';
/** Everybody knows it; without the grant nobody below the administrators changes it. */
export const KNOWN = '111 111 111 111';
export const KEPT = '000 000 000 111';
export const ADMINISTRATORS = '--- --- --- 111';
export const CLIENT = '100 110 110 111';
/** Said by nobody of theirs. */
export const UNSAID = '000 000 000 111';
export const PERSON = '100 100 110 111';
/** Heads for their people, administrators for everybody. */
export const HEADS = '000 000 110 111';

/** A row of the firm's directory or settings, whoever asks. */
export const ofFirm =
  (column: string, value: (firm: TestFirm) => number) =>
  (_: Sql, firm: TestFirm): Promise<Row> =>
    Promise.resolve({ column, value: value(firm) });
