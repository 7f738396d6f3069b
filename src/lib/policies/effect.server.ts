import { storedPlan } from '#lib/clocks/stored-plan.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { Changeover, ClockEffect, Example, Shift } from './effect.ts';
import { countMissing } from './missing.server.ts';
import {
  countOpen,
  idsAt,
  readPage,
  revise,
  reviserOf,
  type Reviser,
  type Revision,
  type Scope
} from './revision.server.ts';
import { policyNames, titlesOf } from './titles.server.ts';

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
  /** Overdue now, and no longer; not of one that ends, of which nothing is promised. */
  relieved: boolean;
}

/** What the change that was just made in this transaction would do to the running clocks the reader sees. */
export async function effectOf(
  tx: Tx,
  scope: Scope,
  { most = MOST_LOOKED_AT, stretch = STRETCH } = {}
): Promise<ClockEffect | null> {
  const reviser = await reviserOf(tx, scope);
  if (!reviser) return null;
  const running = await countOpen(tx, reviser);
  const exact = running <= most;
  const { moves, looked } = exact
    ? await allMoves(tx, reviser, stretch)
    : await someMoves(tx, reviser, { running, stretches: Math.floor(most / stretch), stretch });
  const begins = await countMissing(tx, reviser);
  const kept = moves.filter(({ revision }) => revision.next !== null);
  return {
    running,
    looked,
    exact,
    earlier: shiftOf(kept, -1),
    later: shiftOf(kept, 1),
    alike: kept.filter(({ by }) => !by).length,
    overdue: moves.filter(({ overdue }) => overdue).length,
    relieved: moves.filter(({ relieved }) => relieved).length,
    ...(await changeoverOf(tx, reviser, kept)),
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
  const places = Array.from({ length: stretches }, (_, n) => Math.floor((n * running) / stretches));
  for (const afterId of await idsAt(tx, reviser, places)) {
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
    overdue: isOver(to) && !isOver(clock.dueAt),
    relieved: next !== null && isOver(clock.dueAt) && !isOver(to)
  };
}

/** Which policies lose clocks to the one that changed, and which get clocks from it. */
async function changeoverOf(tx: Tx, { policy }: Reviser, moves: Move[]) {
  const own = (versionId: number) => policy?.versions.has(versionId) ?? true;
  const pairs = moves.flatMap(({ revision: { clock, next } }) =>
    next && own(clock.policyVersionId) !== own(next.policyVersionId)
      ? [{ from: clock.policyVersionId, to: next.policyVersionId }]
      : []
  );
  const names = await policyNames(tx, [...new Set(pairs.flatMap(({ from, to }) => [from, to]))]);
  const named = (versions: number[]) => counted(versions.map((id) => names.get(id) ?? ''));
  return {
    comes: named(pairs.flatMap(({ from, to }) => (own(to) ? [from] : []))),
    leaves: named(pairs.flatMap(({ from, to }) => (own(from) ? [to] : [])))
  };
}

function counted(names: string[]): Changeover[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, clocks]) => ({ name, clocks }))
    .sort((a, b) => b.clocks - a.clocks || a.name.localeCompare(b.name));
}

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
