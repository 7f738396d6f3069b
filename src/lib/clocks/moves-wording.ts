import type { MoveReason, TargetUnit } from './model.ts';
import { lengthOf, type Write } from './wording.ts';

interface Promised {
  amount: number;
  unit: TargetUnit;
}

/** A due time that moved, other than by waiting. */
export interface ExplainedMove {
  at: Date;
  because: MoveReason[];
  /** Null while it stood still. */
  fromDueAt: Date | null;
  dueAt: Date | null;
  /** Under which it is promised since. */
  policyName: string;
  policyVersion: number;
  from: Promised;
  to: Promised;
  /** Only the calendar changed. */
  samePolicy: boolean;
}

interface Words {
  write: Write;
  clientWord: string;
}

/** One sentence for each: who changed what, what is promised since, and from when to when the due time moved. */
export const moveWords = (moves: readonly ExplainedMove[], words: Words): string[] =>
  moves.map((move) => {
    const effects = [anew(move), dueMoved(move, words.write)].filter((effect) => effect !== '');
    return `${causes(move, words)}${effects.length > 0 ? `: ${effects.join(', and ')}` : ''}.`;
  });

function causes({ because, at }: ExplainedMove, { write, clientWord }: Words): string {
  if (because.length === 0) return `Another policy came to hold on ${write(at)}`;
  const sentences = because.map(
    (reason) => `${changeOf(reason, clientWord)} on ${write(new Date(reason.at))}`
  );
  const said = sentences.join('; ');
  return said.charAt(0).toUpperCase() + said.slice(1);
}

function changeOf({ what, from, to, by }: MoveReason, clientWord: string): string {
  const did = (active: string, passive: string) => (by ? `${by} ${active}` : passive);
  if (what === 'tags' && to !== null)
    return did(`gave the ${clientWord} the tag ${to}`, `the ${clientWord} got the tag ${to}`);
  if (what === 'tags')
    return did(`took the tag ${from} from the ${clientWord}`, `the ${clientWord} lost the tag ${from}`);
  if (what === 'policy' || what === 'calendar') {
    const how = from ? ` (${from})` : '';
    return did(`changed the ${what} ${to}${how}`, `the ${what} ${to} was changed${how}`);
  }
  const whose = what === 'tier' ? `${clientWord}’s ` : '';
  const span = `from ${from ?? 'none'} to ${to ?? 'none'}`;
  const byStep = what === 'priority' || what === 'team' ? ', as a step of the policy says,' : '';
  return did(`changed the ${whose}${what} ${span}`, `the ${whose}${what} was changed ${span}${byStep}`);
}

function anew({ samePolicy, policyName, policyVersion, from, to }: ExplainedMove): string {
  if (samePolicy) return '';
  const isSame = from.amount === to.amount && from.unit === to.unit;
  const isDate = from.unit === 'on_date' || to.unit === 'on_date';
  const length = isSame || isDate ? '' : `, with ${lengthOf(to)} instead of ${lengthOf(from)}`;
  return `the promise was made anew under ${policyName}, version ${policyVersion}${length}`;
}

function dueMoved({ fromDueAt, dueAt }: ExplainedMove, write: Write): string {
  return fromDueAt && dueAt ? `the due time moved from ${write(fromDueAt)} to ${write(dueAt)}` : '';
}
