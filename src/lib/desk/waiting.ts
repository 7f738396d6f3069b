import type { z } from 'zod';
import type { waitInput } from './inputs.ts';
import { PARTY_LABELS } from './model.ts';

type Wait = Pick<z.infer<typeof waitInput>, 'waitingOn' | 'waitingParty' | 'reason'>;

export const notWaiting = { waitingOn: null, waitingParty: null, waitingWhy: null };

/** What a query or a request says while it waits. */
export const waitingFor = ({ waitingOn, waitingParty, reason }: Wait) => ({
  waitingOn,
  waitingParty: waitingOn === 'third_party' ? (waitingParty ?? null) : null,
  waitingWhy: reason
});

/** The same for the clock's explanation: `Registrar: form sent on`. */
export function waitingCause(wait: Wait): string {
  const { waitingParty } = waitingFor(wait);
  return waitingParty ? `${PARTY_LABELS[waitingParty]}: ${wait.reason}` : wait.reason;
}
