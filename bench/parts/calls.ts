import { createClient } from '#lib/clients/create.server.ts';
import { listClients } from '#lib/clients/list.server.ts';
import { createClientInput, listClientsInput, searchClientsInput } from '#lib/clients/model.ts';
import { clientRecord } from '#lib/clients/record.server.ts';
import { searchClients } from '#lib/clients/search.server.ts';
import { today } from '#lib/home/today.server.ts';
import { logInteraction } from '#lib/interactions/commands.server.ts';
import { logInteractionInput } from '#lib/interactions/model.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import type { Area } from '../options.ts';

type Call = (tx: Tx, actor: Actor, input: unknown) => Promise<unknown>;

/** What the procedures do in their transaction, without tRPC around it. */
export const CALLS: Partial<Record<Area, Call>> = {
  list: (tx, actor, input) => listClients(tx, actor, listClientsInput.parse(input)),
  search: (tx, _actor, input) => searchClients(tx, searchClientsInput.parse(input)),
  record: (tx, actor, input) => clientRecord(tx, actor, (input as { id: number }).id),
  dashboard: (tx, actor) => today(tx, actor),
  log: (tx, actor, input) => logInteraction(tx, actor, logInteractionInput.parse(input)),
  create: (tx, actor, input) => createClient(tx, actor, createClientInput.parse(input))
};
