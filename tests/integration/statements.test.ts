import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { REPORTS } from '#lib/reports/names.ts';
import type { Api } from '#lib/platform/trpc/caller.server.ts';
import { plainChoices } from '../../src/routes/(app)/clients/[id=id]/choices.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { pageFolders, statementsOf, type Load } from '../support/page-loads.ts';
import { mintMore, mintPageRecords, type PageRecords } from '../support/page-records.ts';

/** Beside begin with the identity, and commit. */
const MOST = 12;
const FEW = 5;
const MANY = 50;
/** Kinds of records may be met among many rows that were not among the few; each is looked up once. */
const KINDS = 2;

let database: TestDatabase;
let firm: TestFirm;
let made: PageRecords;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
  made = await mintPageRecords(firm);
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

type Id = () => number;

interface Page {
  id?: Id;
  /** The rests of addresses under which the page is tried beside its plain one. */
  also?: (string | (() => string))[];
  load?: Load;
}

const steps = (...names: string[]) => names.map((name) => `step=${name}`);
const sorted = (...keys: string[]) => keys.map((key) => `sort=${key}`);

/** By folder; the same folder again with a dot for another record. */
const PAGES: Record<string, Page> = {
  '.': {},
  'admin/audit': {},
  'admin/audit/[id=id]': { id: () => made.change },
  'admin/calendars': {},
  'admin/calendars/[id=id]': { id: () => 1, also: ['year=2027'] },
  'admin/calendars/new': {},
  'admin/jobs': {},
  'admin/lists': {},
  'admin/outbox': { also: ['state=sent'] },
  'admin/outbox/[id=id]': { id: () => made.mail },
  'admin/policies': { also: ['kind=request&priority=urgent'] },
  'admin/policies/[id=id]': { id: () => 1 },
  'admin/policies/new': { also: ['kind=client'] },
  'admin/request-types': {},
  'admin/request-types/[id=id]': { id: () => made.type },
  'admin/request-types/[id=id]/edit': { id: () => made.type },
  'admin/request-types/new': {},
  'admin/roles': {},
  'admin/roles/[id=id]': { id: () => firm.roleIds.rm_executive },
  'admin/roles/[id=id]/edit': { id: () => firm.roleIds.rm_executive },
  'admin/roles/new': {},
  'admin/roles/preview': { also: [() => `user=${firm.rm.userId}`] },
  'admin/settings': {},
  'admin/teams': {},
  'admin/teams/[id=id]': { id: () => firm.teams.rm },
  'admin/teams/[id=id]/edit': { id: () => firm.teams.rm },
  'admin/teams/new': {},
  'admin/users': { also: sorted('-signIn') },
  'admin/users/[id=id]': { id: () => firm.rm.userId },
  'admin/users/[id=id]/deactivate': { id: () => firm.rm.userId },
  'admin/users/[id=id]/edit': { id: () => firm.rm.userId },
  'admin/users/[id=id]/leave': { id: () => firm.rm.userId },
  'admin/users/new': {},
  catalogue: { also: ['q=balanced'] },
  'catalogue/[id=id]': { id: () => firm.productId },
  'catalogue/[id=id]/edit': { id: () => firm.productId },
  'catalogue/new': {},
  clients: { also: ['q=asha', ...sorted('-openWork', 'rm')] },
  'clients/[id=id]': {
    id: () => made.client,
    also: [...steps('assign', 'plan', 'archive', 'delete'), 'kind=interaction'],
    load: loadClient
  },
  'clients/[id=id]/edit': { id: () => made.client },
  'clients/[id=id]/history': { id: () => made.client },
  'clients/[id=id]/holdings': { id: () => made.client },
  'clients/[id=id]/merge': { id: () => made.client, also: [() => `with=${made.other}`] },
  'clients/new': {},
  digests: {},
  'digests/[id=id]': { id: () => made.digest },
  duplicates: {},
  'duplicates/[id=id]': { id: () => made.duplicate },
  handovers: {},
  'handovers/[id=id]': { id: () => made.handover },
  'handovers/new': {
    also: [() => `from=${firm.rm.userId}&to=${firm.rm2.userId}&parts=clients`]
  },
  'holdings/[id=id]': { id: () => made.holding },
  'holdings/[id=id]/edit': { id: () => made.holding },
  interactions: { also: ['q=talk'] },
  'interactions/[id=id]': { id: () => made.review, also: steps('delete') },
  'interactions/[id=id]/edit': { id: () => made.review },
  'interactions/new': { also: [() => `client=${made.client}`, () => `lead=${made.lead}`] },
  'interactions/review': { also: [() => `client=${made.client}`] },
  leads: { also: ['view=board', 'q=lead', ...sorted('-value', 'rm')] },
  'leads/[id=id]': { id: () => made.lead, also: steps('assign', 'followUp', 'convert', 'deny') },
  'leads/[id=id].denied': { id: () => made.deniedLead, also: steps('reopen') },
  'leads/[id=id]/edit': { id: () => made.lead },
  'leads/new': {},
  me: {},
  'me/notifications': {},
  notifications: { also: ['show=unread', 'kind=assigned'] },
  'notifications/[id=id]': { id: () => made.notification },
  queries: { also: ['view=board', 'q=question', ...sorted('-priority')] },
  'queries/[id=id]': { id: () => made.query, also: steps('assign', 'wait', 'resolve') },
  'queries/[id=id].resolved': { id: () => made.resolvedQuery, also: steps('reopen') },
  'queries/[id=id]/edit': { id: () => made.query },
  'queries/new': { also: [() => `client=${made.client}`] },
  reports: {},
  ...Object.fromEntries(
    REPORTS.map((name) => [`reports/[report=report].${name}`, { load: loadReport(name) }])
  ),
  'reports/pipeline': { also: ['groupBy=product'] },
  'reports/rows': { also: ['of=ageing', 'of=reviews', 'of=referrals', 'of=escalations', 'of=pipeline'] },
  requests: { also: ['view=board', 'q=client', ...sorted('-priority', 'assignee')] },
  'requests/[id=id]': { id: () => made.request, also: steps('assign', 'wait', 'complete', 'reject') },
  'requests/[id=id].finished': { id: () => made.finishedRequest, also: steps('reopen') },
  'requests/[id=id]/edit': { id: () => made.request },
  'requests/new': { also: [() => `client=${made.client}&type=${made.type}`] },
  search: { also: ['q=asha', 'q=CL-1'] },
  views: {}
};

/** A page that is one for several reports. */
function loadReport(report: string): Load {
  return async (event: object) => {
    const { load } = await import('../../src/routes/(app)/reports/[report=report]/+page.server.ts');
    return load({ ...event, params: { report } } as never);
  };
}

/** The procedures of the client's page, whose load shares a file with icons. */
function loadClient({ locals: { api }, url }: { locals: { api: Api }; url: URL }): Promise<unknown> {
  const id = made.client;
  return Promise.all([
    api.clients.byId({ id }),
    api.clients.timeline({ clientId: id }),
    api.settings.lists(),
    url.searchParams.get('step') === 'delete' ? api.clients.dependents({ id }) : null,
    plainChoices(api, url.searchParams)
  ]);
}

const VISITS = Object.entries(PAGES).flatMap(([name, { id, also = [], load }]) =>
  ['', ...also].map((rest) => ({
    name: `${name} ${typeof rest === 'string' ? rest : 'of a record'}`.trim(),
    visit: () => ({
      folder: name.replace(/\.\w+$/, ''),
      load,
      search: typeof rest === 'string' ? rest : rest(),
      ...(id && { id: id() })
    })
  }))
);

const actors = (): Actor[] => [firm.rm, firm.rmHead, firm.admin];

describe('A page load', () => {
  it('is tried for every page there is', () => {
    const tried = new Set(VISITS.map(({ visit }) => visit().folder));
    expect(pageFolders().filter((folder) => !tried.has(folder))).toEqual([]);
  });

  it.each(VISITS)('of $name sends at most twelve statements', async ({ visit }) => {
    for (const actor of actors()) {
      const { sent, refusal } = await statementsOf(visit(), actor);
      // Administrators may open every page.
      if (actor.level === 0) expect(refusal).toBeNull();
      expect(sent.length, `level ${actor.level}:\n${sent.join('\n')}`).toBeLessThanOrEqual(MOST);
      expect(sent.length).toBeGreaterThan(0);
    }
  });

  it('sends no more for fifty rows than for five: nothing is asked row by row', async () => {
    await mintMore(firm, made, FEW);
    // What is kept for a few seconds is counted anew.
    vi.useFakeTimers({ now: Date.now() + 60_000, toFake: ['Date'] });
    const few = await counts().finally(() => vi.useRealTimers());
    await mintMore(firm, made, MANY - FEW);
    const many = await counts();
    const more = [...many].filter(([name, count]) => count > (few.get(name) ?? 0) + KINDS);
    expect(more.map(([name, count]) => `${name}: ${few.get(name)} → ${count}`)).toEqual([]);
  });
});

async function counts(): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const { name, visit } of VISITS)
    for (const actor of actors())
      found.set(`${name} for level ${actor.level}`, (await statementsOf(visit(), actor)).sent.length);
  return found;
}
