import type { Actions } from '@sveltejs/kit';
import { numberIn, runAction, runForm } from '#lib/ui/form.server.ts';
import { acknowledgeInput, snoozeInput } from './model.ts';

/** What the buttons of a clock's panel post to: for the `actions` of every page that shows one. */
export const holdActions = {
  acknowledgeClock: (event) =>
    runForm(event, acknowledgeInput, async (input) => {
      await event.locals.api.clocks.acknowledge(input);
    }),
  snoozeClock: (event) =>
    runForm(event, snoozeInput, async (input) => {
      await event.locals.api.clocks.snooze(input);
    }),
  wakeClock: (event) =>
    runAction(event, async (form) => {
      await event.locals.api.clocks.wake({ id: numberIn(form, 'id') });
    })
} satisfies Actions;
