import { describe, expect, it } from 'vitest';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { createPageCaller } from '#lib/platform/trpc/pages.server.ts';
import { REPORTS } from '#lib/reports/names.ts';
import { ROW_KINDS } from '#lib/reports/model.ts';
import { load as loadReport } from '../../src/routes/(app)/reports/[report=report]/+page.server.ts';
import { GET } from '../../src/routes/(app)/reports/export.csv/+server.ts';
import { load as loadRows } from '../../src/routes/(app)/reports/rows/+page.server.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

const TURNED = { from: '2026-03-12', to: '2026-03-01' };
const LONG = { from: '2010-01-01', to: '2026-03-01' };
const WRONG = [
  ['the wrong way round', TURNED, 'The period ends before it begins'],
  ['of over ten years', LONG, 'A report covers ten years at most']
] as const;
const PERIODS = REPORTS.filter((name) => name !== 'ageing');

const CONTEXT = {
  session: { id: '', hash: '', expiresAt: new Date(8.64e15), mustChangePassword: false },
  requestId: 'refused',
  address: 'local',
  userAgent: null,
  cookie: { set: () => undefined, clear: () => undefined },
  rateKey: null
};

const asked = (query: Record<string, string>, params = {}) => {
  const actor: Actor = firm.admin;
  const api = createPageCaller({ ...CONTEXT, actor });
  const url = new URL(`http://crm.test/reports?${new URLSearchParams(query)}`);
  return { locals: { api, actor }, url, params } as never;
};

describe.each(WRONG)('A period %s', (_what, period, said) => {
  it.each(PERIODS)('leaves the page of %s as it is, and says so', async (report) => {
    const data = await loadReport(asked({ ...period, team: String(firm.teams.rm) }, { report }));
    expect(data).toMatchObject({
      refused: expect.stringContaining(said) as unknown,
      filter: { ...period, team: firm.teams.rm }
    });
    const { choices, presets, period: shown } = (data as { report: Record<string, unknown> }).report;
    expect(presets).toContainEqual(expect.objectContaining({ label: 'Last 90 days', ...dates(shown) }));
    expect(choices).toBeTruthy();
  });

  it.each(ROW_KINDS.filter((of) => of !== 'ageing'))('leaves the rows page of %s', async (of) => {
    expect(await loadRows(asked({ of, ...period }))).toMatchObject({
      refused: expect.stringContaining(said) as unknown,
      filter: { of, ...period },
      rows: null
    });
  });

  it('is said in plain words in the place of a file', async () => {
    const answer = await GET(asked({ report: 'promises', table: 'team', ...period }));
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toContain(said);
  });
});

it('refuses nothing else in its place', async () => {
  await expect(GET(asked({ report: 'promises', table: 'nothing' }))).rejects.toMatchObject({ status: 404 });
});

const dates = (shown: unknown) => {
  const { from, to } = shown as { from: string; to: string };
  return { from, to };
};
