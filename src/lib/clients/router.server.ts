import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { assignClients } from './assign.server.ts';
import { compareClients } from './compare.server.ts';
import {
  addContactPoint,
  removeContactPoint,
  setPrimaryContactPoint,
  updateContactPoint
} from './contact-points.server.ts';
import { createClient } from './create.server.ts';
import { clientHistory } from './history.server.ts';
import {
  addTagInput,
  archiveClientInput,
  assignClientInput,
  compareClientsInput,
  deleteClientInput,
  historyInput,
  mergeClientsInput,
  planContactInput,
  setTagsInput,
  tagsInUseInput
} from './inputs.ts';
import { archiveClient, restoreClient } from './lifecycle.server.ts';
import { listClients } from './list.server.ts';
import { mergeClients, movedTo } from './merge.server.ts';
import {
  addAddressInput,
  addContactPointInput,
  addNoteInput,
  clientIdInput,
  createClientInput,
  duplicatesInput,
  listClientsInput,
  panDuplicatesInput,
  partInput,
  searchClientsInput,
  timelineInput,
  updateAddressInput,
  updateClientInput,
  updateContactPointInput
} from './model.ts';
import { addAddress, addNote, removeAddress, updateAddress } from './parts.server.ts';
import { planContact } from './plan.server.ts';
import { clientRecord } from './record.server.ts';
import { deleteClient, dependentsFor } from './remove.server.ts';
import { revealPan } from './reveal.server.ts';
import { possibleDuplicates, searchClients } from './search.server.ts';
import { addTag, facetsOf, setTags, tagsInUse } from './tags.server.ts';
import { clientTimeline } from './timeline.server.ts';
import { updateClient } from './update.server.ts';

const contactPoints = router({
  add: can('clients.edit')
    .input(addContactPointInput)
    .mutation(({ ctx, input }) => addContactPoint(ctx.tx, ctx.actor, input)),
  update: can('clients.edit')
    .input(updateContactPointInput)
    .mutation(({ ctx, input }) => updateContactPoint(ctx.tx, ctx.actor, input)),
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
  // A mutation, so that the PAN is in the body and not in an address.
  panDuplicates: can('clients.create')
    .input(panDuplicatesInput)
    .mutation(({ ctx, input }) => possibleDuplicates(ctx.tx, input)),
  create: can('clients.create')
    .input(createClientInput)
    .mutation(({ ctx, input }) => createClient(ctx.tx, ctx.actor, input)),
  update: can('clients.edit')
    .input(updateClientInput)
    .mutation(({ ctx, input }) => updateClient(ctx.tx, ctx.actor, input)),
  assign: can('clients.assign')
    .input(assignClientInput)
    .mutation(({ ctx, input }) => assignClients(ctx.tx, ctx.actor, input)),
  revealPan: can('clients.revealPan')
    .input(clientIdInput)
    .mutation(({ ctx, input }) => revealPan(ctx.tx, ctx.actor, input.id)),
  planContact: can('clients.edit')
    .input(planContactInput)
    .mutation(({ ctx, input }) => planContact(ctx.tx, ctx.actor, input)),
  archive: can('clients.archive')
    .input(archiveClientInput)
    .mutation(({ ctx, input }) => archiveClient(ctx.tx, ctx.actor, input)),
  restore: can('clients.archive')
    .input(archiveClientInput)
    .mutation(({ ctx, input }) => restoreClient(ctx.tx, ctx.actor, input)),
  dependents: can('clients.delete')
    .input(clientIdInput)
    .query(({ ctx, input }) => dependentsFor(ctx.tx, ctx.actor, input.id)),
  delete: can('clients.delete')
    .input(deleteClientInput)
    .mutation(({ ctx, input }) => deleteClient(ctx.tx, ctx.actor, input)),
  compare: can('clients.merge')
    .input(compareClientsInput)
    .query(({ ctx, input }) => compareClients(ctx.tx, ctx.actor, input)),
  merge: can('clients.merge')
    .input(mergeClientsInput)
    .mutation(({ ctx, input }) => mergeClients(ctx.tx, ctx.actor, input)),
  movedTo: can('clients.view')
    .input(clientIdInput)
    .query(({ ctx, input }) => movedTo(ctx.tx, input.id)),
  history: can('clients.view')
    .input(historyInput)
    .query(({ ctx, input }) => clientHistory(ctx.tx, input)),
  tags: can('clients.view')
    .input(tagsInUseInput)
    .query(({ ctx, input }) => tagsInUse(ctx.tx, ctx.actor, input)),
  facets: can('clients.view').query(({ ctx }) => facetsOf(ctx.tx, ctx.actor)),
  addTag: can('clients.edit')
    .input(addTagInput)
    .mutation(({ ctx, input }) => addTag(ctx.tx, ctx.actor, input)),
  setTags: can('clients.edit')
    .input(setTagsInput)
    .mutation(({ ctx, input }) => setTags(ctx.tx, ctx.actor, input)),
  addNote: can('clients.view')
    .input(addNoteInput)
    .mutation(({ ctx, input }) => addNote(ctx.tx, ctx.actor, input)),
  contactPoints,
  addresses
});
