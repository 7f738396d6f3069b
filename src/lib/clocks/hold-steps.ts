/** Ways to hold the ladder of a clock that ask for something first. */
export type HoldStep = 'acknowledge' | 'snooze';

const HOLD_STEPS: readonly HoldStep[] = ['acknowledge', 'snooze'];

interface HoldWords {
  title: string;
  description: string;
  button: string;
  done: string;
}

export const HOLD_WORDS: Record<HoldStep, HoldWords> = {
  acknowledge: {
    title: 'I am on it',
    description:
      'Nobody else is told for eight working hours. The due time stays as it is, and whoever was told before hears that you have taken it up.',
    button: 'I am on it',
    done: 'Nobody is told for eight working hours'
  },
  snooze: {
    title: 'It can wait',
    description:
      'Nobody is told before the time you choose, at most five working days ahead. The due time stays as it is, and whoever was told before hears of it.',
    button: 'Let it wait',
    done: 'Nobody is told before then'
  }
};

interface Refused {
  action?: string;
  values?: Record<string, unknown>;
}

/** The clock and the step that an address names, or that were posted and refused. */
export function holdIn(
  { searchParams }: URL,
  refused: Refused | null
): { step: HoldStep; clockId: number } | undefined {
  const step = HOLD_STEPS.find(
    (each) => searchParams.get('hold') === each || refused?.action === `?/${each}Clock`
  );
  const clockId = Number(searchParams.get('clock') ?? refused?.values?.id);
  return step && clockId > 0 ? { step, clockId } : undefined;
}
