/** What can be done afterwards with something that was said with a lead. */
const CONTACT_STEPS = ['correct', 'remove'] as const;
export type ContactStep = (typeof CONTACT_STEPS)[number];

const FLAGS = { correct: 'edit', remove: 'delete' } as const;

interface Correctable {
  id: number;
  interactionId: number | null;
  can: { edit: boolean; delete: boolean };
}

export const contactStepHref = (leadId: number, id: number, step: ContactStep): string =>
  `/leads/${leadId}?step=${step}&contact=${id}`;

/** What was posted and refused, as the page of a lead gets it. */
type Refused = { action?: string | undefined; values?: Record<string, unknown> | undefined } | object | null;

/** The step that an address names, or that was posted and refused, with its contact, as far as it is possible. */
export function contactStepIn<Contact extends Correctable>(
  { searchParams }: URL,
  contacts: readonly Contact[],
  refused: Refused
): { step: ContactStep; contact: Contact } | null {
  const posted = refused && 'values' in refused && 'action' in refused ? refused : null;
  const step = CONTACT_STEPS.find((one) => searchParams.get('step') === one || posted?.action === `?/${one}`);
  const id = Number(searchParams.get('contact') ?? posted?.values?.id);
  const contact = contacts.find((one) => one.interactionId === null && one.id === id);
  return step && contact?.can[FLAGS[step]] ? { step, contact } : null;
}
