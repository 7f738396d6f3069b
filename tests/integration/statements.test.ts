import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { observeStatements } from '#lib/platform/db/lease.server.ts';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { callerFor, type Api } from '#lib/platform/trpc/caller.server.ts';
import { plainChoices } from '../../src/routes/(app)/clients/[id=id]/choices.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import {
  mintClient,
  mintHolding,
  mintInteraction,
  mintLead,
  mintQuery,
  mintRequest
} from '../support/records.ts';

/** Beside begin with the identity, and commit. */
const MOST = 12;

type Load = (event: never) => Promise<unknown>;

interface Page {
  /** Its folder under `(app)`. */
  folder: string;
  id?: () => number;
  /** The rest of its address. */
  search?: string | (() => string);
  /** Where the page's own load cannot be had without its components. */
  load?: Load;
}

let database: TestDatabase;
let firm: TestFirm;
const ids = { client: 0, lead: 0, query: 0, request: 0, interaction: 0, review: 0, holding: 0 };

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  ids.client = await mintClient({ primaryRmId: firm.rm.userId });
  const clientId = ids.client;
  ids.holding = await mintHolding({ clientId: ids.client });
  ids.lead = await mintLead({ conversionRmId: firm.rm.userId });
  ids.query = await mintQuery({ clientId, rmId: firm.rm.userId });
  const said = { clientId, userId: firm.rm.userId };
  ids.interaction = await mintInteraction({ ...said, queryId: ids.query });
  ids.review = await mintInteraction({ ...said, purpose: 'portfolio_review' });
  ids.request = await mintRequest({ clientId, teamId: firm.teams.ops, assigneeId: firm.ops.userId });
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

const PAGES: Page[] = [
  { folder: '.' },
  { folder: 'leads' },
  { folder: 'leads/[id=id]', id: () => ids.lead },
  { folder: 'clients' },
  { folder: 'clients/[id=id]', id: () => ids.client, load: loadClient },
  { folder: 'interactions' },
  { folder: 'interactions/[id=id]', id: () => ids.interaction },
  { folder: 'interactions/[id=id]/edit', id: () => ids.review },
  { folder: 'interactions/new', search: () => `client=${ids.client}` },
  { folder: 'interactions/review', search: () => `client=${ids.client}` },
  { folder: 'queries' },
  { folder: 'queries', search: 'view=board' },
  { folder: 'queries/[id=id]', id: () => ids.query },
  { folder: 'requests' },
  { folder: 'requests', search: 'view=board' },
  { folder: 'requests/[id=id]', id: () => ids.request, search: 'step=assign' },
  { folder: 'requests/[id=id]', id: () => ids.request },
  { folder: 'admin/users', search: 'sort=-signIn' },
  { folder: 'admin/users/[id=id]', id: () => firm.rm.userId },
  { folder: 'admin/teams/[id=id]', id: () => firm.teams.rm },
  { folder: 'me' },
  { folder: 'catalogue' },
  { folder: 'catalogue/[id=id]', id: () => firm.productId },
  { folder: 'clients/[id=id]/holdings', id: () => ids.client },
  { folder: 'holdings/[id=id]', id: () => ids.holding }
];

/** The procedures of the client's page, whose load shares a file with icons. */
function loadClient({ locals: { api } }: { locals: { api: Api } }): Promise<unknown> {
  return Promise.all([
    api.clients.byId({ id: ids.client }),
    api.clients.timeline({ clientId: ids.client }),
    api.settings.lists(),
    plainChoices(api, new URLSearchParams())
  ]);
}

/** What the browser's first request of the page sends to the database: the frame around it included. */
async function statementsOf(page: Page, actor: Actor): Promise<string[]> {
  const [layout, own] = await Promise.all([
    loadOf(`../../src/routes/(app)/+layout.server.ts`),
    page.load ?? loadOf(`../../src/routes/(app)/${page.folder}/+page.server.ts`)
  ]);
  const search = typeof page.search === 'function' ? page.search() : page.search;
  const event = {
    locals: { api: callerFor(actor), actor },
    url: new URL(`http://localhost/${page.folder}?${search ?? ''}`),
    params: { id: String(page.id?.() ?? '') },
    cookies: { get: () => undefined },
    depends: () => undefined,
    untrack: <T>(work: () => T) => work(),
    isDataRequest: false
  } as never;
  const sent: string[] = [];
  await observeStatements(
    (text) => sent.push(text),
    () => Promise.all([layout(event), own(event)])
  );
  return sent.filter((text) => !/^(begin|commit)\b/.test(text));
}

async function loadOf(path: string): Promise<Load> {
  const module = (await import(/* @vite-ignore */ path)) as { load: Load };
  return module.load;
}

describe('A page load', () => {
  it.each(PAGES)('of $folder $search sends at most twelve statements', async (page) => {
    for (const actor of [firm.rm, firm.rmHead, firm.admin]) {
      const sent = await statementsOf(page, actor);
      expect(sent.length, `level ${actor.level}:\n${sent.join('\n')}`).toBeLessThanOrEqual(MOST);
      expect(sent.length).toBeGreaterThan(1);
    }
  });
});
