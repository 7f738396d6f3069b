import type { leadFlags, LeadStatus } from './model.ts';
import type { LeadStep } from './steps.ts';

interface Movable {
  status: LeadStatus;
  rm: unknown;
  can: ReturnType<typeof leadFlags>;
}

/**
 * What brings a lead into another status: `start` needs nothing more, the others are steps of its page. Null where
 * the actor cannot bring it there.
 */
export function stepInto({ status, rm, can }: Movable, to: LeadStatus): 'start' | LeadStep | null {
  if (to === status || to === 'new') return null;
  if (to === 'converted') return can.convert ? 'convert' : null;
  if (to === 'denied') return can.deny ? 'deny' : null;
  if (status === 'denied') return can.reopen ? 'reopen' : null;
  if (can.start) return 'start';
  return status === 'new' && rm === null && can.assign ? 'assign' : null;
}
