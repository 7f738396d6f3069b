/** Steps of a query or a request that ask for something first. */
export const STEPS = ['assign', 'wait', 'resolve', 'complete', 'reject', 'reopen'] as const;
export type StepName = (typeof STEPS)[number];

interface StepWords {
  title: string;
  description?: string;
  button: string;
  done: string;
}

/** What the steps say, of a `client` or a `customer`. */
export const stepWords = (client: string): Record<StepName, StepWords> => ({
  assign: { title: 'Assign', button: 'Assign', done: 'Assigned' },
  wait: {
    title: 'Wait for somebody',
    description: `While the ${client} has it the clock stands still. A third party’s time is counted apart.`,
    button: 'Wait',
    done: 'Waiting'
  },
  resolve: { title: 'Resolve the query', button: 'Resolve', done: 'The query is resolved' },
  complete: { title: 'Complete the request', button: 'Complete', done: 'The request is completed' },
  reject: {
    title: 'Reject the request',
    description: `The ${client}’s instruction will not be carried out. A withdrawal by the ${client} is a reason too.`,
    button: 'Reject the request',
    done: 'The request is rejected'
  },
  reopen: { title: 'Reopen', description: 'A new clock starts.', button: 'Reopen', done: 'Reopened' }
});

/** The step that an address names, or that was posted and refused. */
export function stepIn({ searchParams }: URL): StepName | undefined {
  return STEPS.find((step) => searchParams.get('step') === step || searchParams.has(`/${step}`));
}
