import { storedPlan } from '#lib/clocks/stored-plan.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { Effect, Example, Shift } from './effect.ts';
import { countMissing } from './missing.server.ts';
import {
  countOpen,
  idAt,
  readPage,
  revise,
  reviserOf,
  type Reviser,
  type Revision,
  type Scope
} from './revision.server.ts';
import { titlesOf } from './titles.server.ts';

/** Clocks looked at one by one; of more, as many in stretches that lie evenly among them. */
const MOST_LOOKED_AT = 5_000;
const STRETCH = 500;
const EXAMPLES = 5;

interface Move {
  revision: Revision;
  to: Date | null;
  /** Milliseconds; null where there is no due time before or after. */
  by: number | null;
  overdue: boolean;
}

/** What the change that was just made in this transaction would do to the running clocks the reader sees. */
export async function effectOf(
  tx: Tx,
  scope: Scope,
  { most = MOST_LOOKED_AT, stretch = STRETCH } = {}
): Promise<Effect | null> {
  const reviser = await reviserOf(tx, scope);
  if (!reviser) return null;
  const running = await countOpen(tx, reviser);
  const exact = running <= most;
  const { moves, looked } = exact
    ? await allMoves(tx, reviser, stretch)
    : await someMoves(tx, reviser, { running, stretches: Math.floor(most / stretch), stretch });
  const begins = await countMissing(tx, reviser, most);
  const kept = moves.filter(({ revision }) => revision.next !== null);
  return {
    running,
    looked,
    exact,
    earlier: shiftOf(kept, -1),
    later: shiftOf(kept, 1),
    alike: kept.filter(({ by }) => !by).length,
    overdue: moves.filter(({ overdue }) => overdue).length,
    changeover: kept.filter(({ revision }) => isOther(revision, reviser)).length,
    ends: moves.length - kept.length,
    begins,
    examples: await examplesOf(tx, moves)
  };
}

async function allMoves(tx: Tx, reviser: Reviser, limit: number) {
  const moves: Move[] = [];
  let looked = 0;
  for (let afterId = 0; ;) {
    const page = await readPage(tx, reviser, { afterId, limit });
    const last = page.at(-1);
    if (!last) return { moves, looked };
    afterId = last.id;
    looked += page.length;
    moves.push(...(await revise(tx, reviser, page)).map(moveOf));
  }
}

interface Sample {
  running: number;
  stretches: number;
  stretch: number;
}

async function someMoves(tx: Tx, reviser: Reviser, { running, stretches, stretch }: Sample) {
  const moves: Move[] = [];
  let looked = 0;
  for (let n = 0; n < stretches; n++) {
    const afterId = await idAt(tx, reviser, Math.floor((n * running) / stretches));
    const page = await readPage(tx, reviser, { afterId, limit: stretch });
    looked += page.length;
    moves.push(...(await revise(tx, reviser, page)).map(moveOf));
  }
  return { moves, looked };
}

function moveOf(revision: Revision): Move {
  const { clock, next } = revision;
  const to = next && storedPlan(next, clock.now).dueAt;
  const isOver = (due: Date | null) => due !== null && due <= clock.now;
  return {
    revision,
    to,
    by: to && clock.dueAt ? to.getTime() - clock.dueAt.getTime() : null,
    overdue: isOver(to) && !isOver(clock.dueAt)
  };
}

const isOther = ({ clock, next }: Revision, { policy }: Reviser) =>
  policy !== null &&
  next !== null &&
  policy.versions.has(clock.policyVersionId) !== policy.versions.has(next.policyVersionId);

function shiftOf(moves: Move[], sign: 1 | -1): Shift | null {
  const lengths = moves
    .map(({ by }) => (by ?? 0) * sign)
    .filter((by) => by > 0)
    .sort((a, b) => a - b);
  const [least, most] = [lengths[0], lengths.at(-1)];
  if (least === undefined || most === undefined) return null;
  const median = lengths[Math.floor((lengths.length - 1) / 2)] ?? least;
  return { clocks: lengths.length, least, median, most };
}

/** Those that move most, ended ones first. */
async function examplesOf(tx: Tx, moves: Move[]): Promise<Example[]> {
  const weight = ({ revision, by, overdue }: Move) =>
    revision.next === null ? Infinity : Math.abs(by ?? 0) + (overdue ? 1 : 0);
  const most = moves
    .filter((move) => weight(move) > 0)
    .sort((a, b) => (weight(b) === weight(a) ? 0 : weight(b) - weight(a)))
    .slice(0, EXAMPLES);
  const titles = await titlesOf(
    tx,
    most.map(({ revision: { clock } }) => ({ kind: clock.subjectKind, id: clock.subjectId }))
  );
  return most.map(({ revision: { clock, next }, to }) => ({
    kind: clock.subjectKind,
    id: clock.subjectId,
    title: titles.get(`${clock.subjectKind} ${clock.subjectId}`) ?? '',
    target: clock.target,
    from: clock.dueAt,
    to,
    ends: next === null
  }));
}
