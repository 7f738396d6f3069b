import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { leadsBoard } from './board.server.ts';
import { assignLeads, createLead, startLead, updateLead } from './commands.server.ts';
import { convertLead } from './convert.server.ts';
import { denyLead, reopenLead } from './deny.server.ts';
import { deleteLeadContact, updateLeadContact } from './edit-contact.server.ts';
import * as input from './inputs.ts';
import { listLeads } from './list.server.ts';
import { logLeadContact } from './log-contact.server.ts';
import { leadById, matchesOf } from './reads.server.ts';

export const leadsRouter = router({
  list: can('leads.view')
    .input(input.listLeadsInput)
    .query(({ ctx, input }) => listLeads(ctx.tx, ctx.actor, input)),
  board: can('leads.view')
    .input(input.boardInput)
    .query(({ ctx, input }) => leadsBoard(ctx.tx, ctx.actor, input)),
  byId: can('leads.view')
    .input(input.leadIdInput)
    .query(({ ctx, input }) => leadById(ctx.tx, ctx.actor, input.id)),
  matches: can('leads.convert')
    .input(input.leadIdInput)
    .query(({ ctx, input }) => matchesOf(ctx.tx, input.id)),
  create: can('leads.create')
    .input(input.createLeadInput)
    .mutation(({ ctx, input }) => createLead(ctx.tx, ctx.actor, input)),
  update: can('leads.edit')
    .input(input.updateLeadInput)
    .mutation(({ ctx, input }) => updateLead(ctx.tx, ctx.actor, input)),
  start: can('leads.edit')
    .input(input.startLeadInput)
    .mutation(({ ctx, input }) => startLead(ctx.tx, ctx.actor, input)),
  logContact: can('leads.edit')
    .input(input.logLeadContactInput)
    .mutation(({ ctx, input }) => logLeadContact(ctx.tx, ctx.actor, input)),
  updateContact: can('interactions.edit')
    .input(input.updateLeadContactInput)
    .mutation(({ ctx, input }) => updateLeadContact(ctx.tx, ctx.actor, input)),
  deleteContact: can('interactions.delete')
    .input(input.deleteLeadContactInput)
    .mutation(({ ctx, input }) => deleteLeadContact(ctx.tx, ctx.actor, input)),
  assign: can('leads.assign')
    .input(input.assignLeadInput)
    .mutation(({ ctx, input }) => assignLeads(ctx.tx, ctx.actor, input)),
  convert: can('leads.convert')
    .input(input.convertLeadInput)
    .mutation(({ ctx, input }) => convertLead(ctx.tx, ctx.actor, input)),
  deny: can('leads.deny')
    .input(input.denyLeadInput)
    .mutation(({ ctx, input }) => denyLead(ctx.tx, ctx.actor, input)),
  reopen: can('leads.reopen')
    .input(input.reopenLeadInput)
    .mutation(({ ctx, input }) => reopenLead(ctx.tx, ctx.actor, input))
});
