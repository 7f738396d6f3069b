/** Steps of a lead that ask for something first. */
export const LEAD_STEPS = ['assign', 'contact', 'followUp', 'convert', 'deny', 'reopen'] as const;
export type LeadStep = (typeof LEAD_STEPS)[number];

interface StepWords {
  title: string;
  description?: string;
  button: string;
  done?: string;
}

export const LEAD_STEP_WORDS: Record<LeadStep, StepWords> = {
  assign: {
    title: 'Assign the lead',
    description: 'The RM is told, and converts or denies it from then on.',
    button: 'Assign',
    done: 'The lead is assigned'
  },
  contact: {
    title: 'Log a contact',
    description: 'What was said is kept with the lead, and goes along when it is converted.',
    button: 'Log',
    done: 'The contact is logged'
  },
  followUp: {
    title: 'When to follow up',
    description: 'It is on the home page of its RM from that day on.',
    button: 'Save',
    done: 'The follow-up is set'
  },
  convert: {
    title: 'Convert the lead',
    description: 'Finds or creates the record, adds what was sold and logs the conversation, all at once.',
    button: 'Convert'
  },
  deny: {
    title: 'Deny the lead',
    description: 'Nothing will come of it. A head can take it up again.',
    button: 'Deny the lead',
    done: 'The lead is denied'
  },
  reopen: {
    title: 'Reopen the lead',
    description: 'It goes back to work in progress. The reason is kept with its notes.',
    button: 'Reopen',
    done: 'The lead is reopened'
  }
};

/** The step that an address names, or that was posted and refused. */
export function stepIn({ searchParams }: URL): LeadStep | undefined {
  return LEAD_STEPS.find((step) => searchParams.get('step') === step || searchParams.has(`/${step}`));
}
