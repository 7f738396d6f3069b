import { can, router } from '#lib/platform/trpc/builder.server.ts';
import * as calendar from './calendar-commands.server.ts';
import * as calendars from './calendar-inputs.ts';
import { calendarById, listCalendars } from './calendar-reads.server.ts';
import { createPolicy, removePolicy, setPolicyActive, updatePolicy } from './policy-commands.server.ts';
import * as policies from './policy-inputs.ts';
import { movePolicy } from './policy-order.server.ts';
import { listPolicies, policyById, policyChoices, tryPolicy } from './policy-reads.server.ts';

const LOOKED_AFTER = 'admin.policies';

export const calendarsRouter = router({
  list: can(LOOKED_AFTER)
    .input(calendars.emptyInput)
    .query(({ ctx }) => listCalendars(ctx.tx)),
  byId: can(LOOKED_AFTER)
    .input(calendars.calendarInput)
    .query(({ ctx, input }) => calendarById(ctx.tx, input.id)),
  create: can(LOOKED_AFTER)
    .input(calendars.createCalendarInput)
    .mutation(({ ctx, input }) => calendar.createCalendar(ctx.tx, input)),
  /** `dryRun` of this and the next ones says what would move, and changes nothing. */
  update: can(LOOKED_AFTER)
    .input(calendars.updateCalendarInput)
    .mutation(({ ctx, input }) => calendar.updateCalendar(ctx.tx, ctx.actor, input)),
  addDay: can(LOOKED_AFTER)
    .input(calendars.addDayInput)
    .mutation(({ ctx, input }) => calendar.addDay(ctx.tx, ctx.actor, input)),
  updateDay: can(LOOKED_AFTER)
    .input(calendars.updateDayInput)
    .mutation(({ ctx, input }) => calendar.updateDay(ctx.tx, ctx.actor, input)),
  removeDay: can(LOOKED_AFTER)
    .input(calendars.removeDayInput)
    .mutation(({ ctx, input }) => calendar.removeDay(ctx.tx, ctx.actor, input)),
  /** What of an iCalendar file would be added, what is there already, and what is left out and why. */
  readFile: can(LOOKED_AFTER)
    .input(calendars.readFileInput)
    .mutation(({ ctx, input }) => calendar.readFile(ctx.tx, input)),
  importDays: can(LOOKED_AFTER)
    .input(calendars.importDaysInput)
    .mutation(({ ctx, input }) => calendar.importDays(ctx.tx, ctx.actor, input)),
  remove: can(LOOKED_AFTER)
    .input(calendars.removeCalendarInput)
    .mutation(({ ctx, input }) => calendar.removeCalendar(ctx.tx, input))
});

export const policiesRouter = router({
  list: can(LOOKED_AFTER)
    .input(policies.emptyInput)
    .query(({ ctx }) => listPolicies(ctx.tx)),
  byId: can(LOOKED_AFTER)
    .input(policies.policyInput)
    .query(({ ctx, input }) => policyById(ctx.tx, input.id)),
  /** What a policy may name. */
  choices: can(LOOKED_AFTER)
    .input(policies.emptyInput)
    .query(({ ctx }) => policyChoices(ctx.tx)),
  /** Which promise a record would get that came in now. */
  match: can(LOOKED_AFTER)
    .input(policies.tryPolicyInput)
    .query(({ ctx, input }) => tryPolicy(ctx.tx, input)),
  /** `dryRun` of this and the next ones says what would move, and changes nothing. */
  create: can(LOOKED_AFTER)
    .input(policies.createPolicyInput)
    .mutation(({ ctx, input }) => createPolicy(ctx.tx, ctx.actor, input)),
  update: can(LOOKED_AFTER)
    .input(policies.updatePolicyInput)
    .mutation(({ ctx, input }) => updatePolicy(ctx.tx, ctx.actor, input)),
  setActive: can(LOOKED_AFTER)
    .input(policies.setActiveInput)
    .mutation(({ ctx, input }) => setPolicyActive(ctx.tx, ctx.actor, input)),
  move: can(LOOKED_AFTER)
    .input(policies.movePolicyInput)
    .mutation(({ ctx, input }) => movePolicy(ctx.tx, ctx.actor, input)),
  remove: can(LOOKED_AFTER)
    .input(policies.removePolicyInput)
    .mutation(({ ctx, input }) => removePolicy(ctx.tx, input))
});
