import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { assignClient } from './assign.server.ts';
import { createClient } from './create.server.ts';
import { listClients } from './list.server.ts';
import {
  addAddressInput,
  addContactPointInput,
  addNoteInput,
  assignClientInput,
  clientIdInput,
  createClientInput,
  duplicatesInput,
  listClientsInput,
  partInput,
  searchClientsInput,
  setTagsInput,
  timelineInput,
  updateAddressInput,
  updateClientInput
} from './model.ts';
import {
  addAddress,
  addContactPoint,
  addNote,
  removeAddress,
  removeContactPoint,
  setPrimaryContactPoint,
  setTags,
  updateAddress
} from './parts.server.ts';
import { clientRecord } from './record.server.ts';
import { revealPan } from './reveal.server.ts';
import { possibleDuplicates, searchClients } from './search.server.ts';
import { clientTimeline } from './timeline.server.ts';
import { updateClient } from './update.server.ts';

const contactPoints = router({
  add: can('clients.edit')
    .input(addContactPointInput)
    .mutation(({ ctx, input }) => addContactPoint(ctx.tx, ctx.actor, input)),
  remove: can('clients.edit')
    .input(partInput)
    .mutation(({ ctx, input }) => removeContactPoint(ctx.tx, ctx.actor, input)),
  setPrimary: can('clients.edit')
    .input(partInput)
    .mutation(({ ctx, input }) => setPrimaryContactPoint(ctx.tx, ctx.actor, input))
});

const addresses = router({
  add: can('clients.edit')
    .input(addAddressInput)
    .mutation(({ ctx, input }) => addAddress(ctx.tx, ctx.actor, input)),
  update: can('clients.edit')
    .input(updateAddressInput)
    .mutation(({ ctx, input }) => updateAddress(ctx.tx, ctx.actor, input)),
  remove: can('clients.edit')
    .input(partInput)
    .mutation(({ ctx, input }) => removeAddress(ctx.tx, ctx.actor, input))
});

export const clientsRouter = router({
  list: can('clients.view')
    .input(listClientsInput)
    .query(({ ctx, input }) => listClients(ctx.tx, ctx.actor, input)),
  byId: can('clients.view')
    .input(clientIdInput)
    .query(({ ctx, input }) => clientRecord(ctx.tx, ctx.actor, input.id)),
  timeline: can('clients.view')
    .input(timelineInput)
    .query(({ ctx, input }) => clientTimeline(ctx.tx, input)),
  search: can('clients.view')
    .input(searchClientsInput)
    .query(({ ctx, input }) => searchClients(ctx.tx, input)),
  duplicates: can('clients.create')
    .input(duplicatesInput)
    .query(({ ctx, input }) => possibleDuplicates(ctx.tx, input)),
  create: can('clients.create')
    .input(createClientInput)
    .mutation(({ ctx, input }) => createClient(ctx.tx, ctx.actor, input)),
  update: can('clients.edit')
    .input(updateClientInput)
    .mutation(({ ctx, input }) => updateClient(ctx.tx, ctx.actor, input)),
  assign: can('clients.assign')
    .input(assignClientInput)
    .mutation(({ ctx, input }) => assignClient(ctx.tx, ctx.actor, input)),
  revealPan: can('clients.revealPan')
    .input(clientIdInput)
    .mutation(({ ctx, input }) => revealPan(ctx.tx, ctx.actor, input.id)),
  setTags: can('clients.edit')
    .input(setTagsInput)
    .mutation(({ ctx, input }) => setTags(ctx.tx, ctx.actor, input)),
  addNote: can('clients.view')
    .input(addNoteInput)
    .mutation(({ ctx, input }) => addNote(ctx.tx, ctx.actor, input)),
  contactPoints,
  addresses
});
