/** Things done on a client's page that ask for something first. */
export const RECORD_STEPS = [
  'assign',
  'plan',
  'contact',
  'removeContact',
  'address',
  'removeAddress',
  'tags',
  'holding',
  'archive',
  'delete'
] as const;
export type RecordStep = (typeof RECORD_STEPS)[number];

interface StepWords {
  title: string;
  description?: string;
  button: string;
  done: string;
}

export const RECORD_STEP_WORDS: Record<RecordStep, StepWords> = {
  assign: {
    title: 'Who looks after them',
    description: 'Whoever is new is told, and sees all of the record from then on.',
    button: 'Assign',
    done: 'Assigned'
  },
  plan: {
    title: 'Plan the next contact',
    description: 'Whoever is to make it is told. Leave the date empty to plan none.',
    button: 'Save plan',
    done: 'The next contact is planned'
  },
  contact: { title: 'Contact point', button: 'Save', done: 'Contact point saved' },
  removeContact: { title: 'Remove the contact point', button: 'Remove', done: 'Contact point removed' },
  address: { title: 'Address', button: 'Save address', done: 'Address saved' },
  removeAddress: { title: 'Remove the address', button: 'Remove', done: 'Address removed' },
  tags: {
    title: 'Change the tags',
    description: 'Short words to find them by, with commas between.',
    button: 'Save tags',
    done: 'Tags saved'
  },
  holding: { title: 'Add a holding', button: 'Add holding', done: 'Holding added' },
  archive: { title: 'Archive', button: 'Archive', done: 'Archived' },
  delete: { title: 'Delete', button: 'Delete for good', done: 'Deleted' }
};

interface Answer {
  action?: string;
}

/** The step that the address names, or whose form came back refused. */
export function stepIn({ searchParams }: URL, answer: Answer | null | undefined): RecordStep | undefined {
  return RECORD_STEPS.find((step) => searchParams.get('step') === step || answer?.action === `?/${step}`);
}
