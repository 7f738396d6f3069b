import type { Choice } from '#lib/ui/choice.ts';
import type { PolicyChoices } from './choices.ts';
import type { StepRow, TargetRow } from './policy-inputs.ts';
import { matchWords, termsInWords } from './policy-words.ts';

/** A policy as its form has it. */
export interface Saying {
  name: string;
  requestTypeId?: number | null | undefined;
  priority?: string | null | undefined;
  clientTier?: string | null | undefined;
  clientTag?: string | null | undefined;
  teamId?: number | null | undefined;
  calendarId?: number;
  pausesClient?: boolean;
  pausesThirdParty?: boolean;
  workingHoursOnly?: boolean;
  targets: TargetRow[];
  steps: (StepRow & { tellUserName?: string | null })[];
}

interface Names {
  words: { client: string; clients: string };
  choices: PolicyChoices;
  people: readonly Choice[];
}

/** Everything a policy says, a line each: to compare two of them. */
export function sayingOf(policy: Saying, { words, choices, people }: Names): string[] {
  const { clientTier, clientTag, priority } = policy;
  const named = (all: { id: number; name: string }[], id: number | null | undefined) =>
    all.find((one) => one.id === id)?.name ?? (id ? `no. ${id}` : null);
  const match = {
    requestType: named(choices.types, policy.requestTypeId),
    priority: priority ?? null,
    tier: choices.tiers.find(({ key }) => key === clientTier)?.label ?? clientTier ?? null,
    clientTag: clientTag ?? null,
    team: named(choices.teams, policy.teamId)
  };
  const targets = policy.targets.filter(({ amount }) => amount !== undefined);
  const steps = policy.steps
    .filter(({ tell }) => tell !== undefined)
    .map((step) => ({ ...step, tellUserName: personOf(step, people) }));
  return [
    `Called “${policy.name}”`,
    `For: ${matchWords(match, words)}`,
    ...termsInWords(
      { ...termsOf(policy), calendar: calendarOf(policy, choices), targets, steps },
      words.client
    )
  ];
}

const termsOf = ({ pausesClient = false, pausesThirdParty = false, workingHoursOnly = false }: Saying) => ({
  pausesClient,
  pausesThirdParty,
  workingHoursOnly
});

const calendarOf = ({ calendarId }: Saying, { calendars }: PolicyChoices) =>
  calendars.find(({ id }) => id === calendarId)?.name ?? 'another calendar';

const personOf = ({ tellUserId, tellUserName }: Saying['steps'][number], people: readonly Choice[]) =>
  people.find(({ value }) => value === tellUserId)?.label ?? tellUserName ?? null;
