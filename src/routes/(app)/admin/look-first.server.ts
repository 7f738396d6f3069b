import { createHash } from 'node:crypto';
import { fail, type RequestEvent } from '@sveltejs/kit';
import type * as z from 'zod';
import { runAction, runForm } from '#lib/ui/form.server.ts';
import { typedValues } from '#lib/ui/typed-values.ts';
import { isNothing, NO_EFFECT, type Effect } from '#lib/policies/effect.ts';

interface Looked {
  effect: Effect | null;
}

/** What a form would do, shown before it is done; posted again with `agreed`, unchanged, it is done. */
interface Asked extends Record<string, unknown> {
  action: string;
  effect: Effect;
  agreed: string;
}

interface Call<Input, Outcome extends Looked> {
  run: (input: Input, dryRun: boolean) => Promise<Outcome>;
  /** Never `done?.(await run(…))`: what is handed to an optional function is not worked out where there is none. */
  done?: (outcome: Outcome) => void;
}

/** Files say nothing here: what was read of them is posted as text. */
const texts = (form: FormData) =>
  [...form].map(([name, value]) => [name, typeof value === 'string' ? value : ''] as const);

/** Tells one form as it was filled in from another. */
function printOf(form: FormData): string {
  const entries = texts(form).filter(([name]) => name !== 'agreed');
  return createHash('sha256').update(JSON.stringify(entries)).digest('base64url');
}

const actionOf = ({ url }: RequestEvent) => {
  const action = [...url.searchParams.keys()].find((name) => name.startsWith('/'));
  return action ? `?${action}` : '';
};

/** As `runForm`, after showing what running clocks would do where they would do anything. */
export async function runLookedForm<S extends z.ZodObject, Outcome extends Looked>(
  event: RequestEvent,
  schema: S,
  { run, done }: Call<z.input<S>, Outcome>
) {
  const form = await event.request.clone().formData();
  const agreed = printOf(form);
  let effect: Effect | null = null;
  // What would overwrite somebody else's change is shown even where no clock would notice.
  const overwrites = form.get('over') === 'yes';
  const result = await runForm(event, schema, async (input) => {
    if (form.get('agreed') !== agreed) {
      ({ effect } = await run(input, true));
      if (overwrites) effect ??= NO_EFFECT;
    }
    if (effect && (overwrites || !isNothing(effect))) return;
    effect = null;
    const outcome = await run(input, false);
    done?.(outcome);
  });
  if (!effect) return result;
  const asked = { action: actionOf(event), effect: effect as Effect, agreed };
  return fail(409, { ...asked, fieldErrors: {}, values: typedValues(form, () => true) });
}

/** As `runAction` for a button with hidden fields, which are handed back to be posted again. */
export function runLookedAction<Outcome extends Looked>(
  event: RequestEvent,
  { run, done }: Call<FormData, Outcome>
) {
  return runAction(event, async (form): Promise<(Asked & { hidden: Record<string, string> }) | undefined> => {
    const agreed = printOf(form);
    if (form.get('agreed') !== agreed) {
      const { effect } = await run(form, true);
      if (effect && !isNothing(effect))
        return { action: actionOf(event), effect, agreed, hidden: { ...hiddenOf(form), agreed } };
    }
    const outcome = await run(form, false);
    done?.(outcome);
    return undefined;
  });
}

const hiddenOf = (form: FormData): Record<string, string> => Object.fromEntries(texts(form));
