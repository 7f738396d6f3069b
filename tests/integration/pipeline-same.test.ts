import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { previewDigest } from '#lib/digests/reads.server.ts';
import { today } from '#lib/home/today.server.ts';
import { leadsBoard } from '#lib/leads/board.server.ts';
import { leadReaderOf, PIPELINE_RM } from '#lib/leads/whose.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor, asSystem } from '#lib/platform/db/transactions.server.ts';
import { snapshotPipeline } from '#lib/reports/commands.server.ts';
import { pipelineReport } from '#lib/reports/pipeline.server.ts';
import { filterOf, shownIn } from '../../src/routes/(app)/leads/filters.ts';
import { rowsBehind } from '../support/digest-links.ts';
import { mintLead } from '../support/records.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

const long = new Date('2026-01-05T06:00:00Z');
const lead = (values: Parameters<typeof mintLead>[0]) => mintLead({ createdAt: long, ...values });

async function yesterday(): Promise<string> {
  const [row] = await asSystem((tx) =>
    tx.execute<{ date: string }>(
      sql`select ((now() at time zone time_zone)::date - 1)::text as date from firm_settings`
    )
  );
  return row?.date ?? '';
}

/** Open leads and what they are worth: on the home page, in the nightly report, in the digest, on the board, and behind the home page. */
async function pipelineOf(actor: Actor, behind: string) {
  return asActor(
    actor,
    async (tx) => {
      const { funnel } = await today(tx, actor);
      const open = funnel.filter(({ status }) => status === 'new' || status === 'wip');
      const { headlines } = await pipelineReport(tx, {});
      const headline = (wanted: string) => Number(headlines.find(({ key }) => key === wanted)?.value);
      const { content } = await previewDigest(tx, actor);
      const rm = PIPELINE_RM[leadReaderOf(actor)] ?? '';
      const filter = filterOf(shownIn(new URL(`https://rapport.example/leads?rm=${rm}&status=open`)));
      const { columns } = await leadsBoard(tx, actor, { filter });
      const { now } = content.pipeline ?? { now: { open: 0, value: '0' } };
      return {
        home: [
          open.reduce((sum, { leads }) => sum + leads, 0),
          open.reduce((sum, { value }) => sum + Number(value), 0)
        ],
        report: [headline('open'), headline('value')],
        digest: [now.open, Number(now.value)],
        board: [
          columns.reduce((sum, { count }) => sum + count, 0),
          columns.reduce((sum, { value }) => sum + Number(value), 0)
        ]
      };
    },
    { readOnly: true }
  ).then(async (told) => ({ ...told, list: (await rowsBehind(actor, behind)).total }));
}

it('the home page, the nightly report, the digest and the board of a pipeline count the same leads', async () => {
  await lead({ conversionRmId: firm.rm.userId, status: 'wip', expectedValue: '100' });
  await lead({ conversionRmId: firm.rm2.userId, expectedValue: '20' });
  await lead({ teamId: firm.teams.rm, expectedValue: '3' });
  await lead({ conversionRmId: firm.rm.userId, expectedValue: '5000', currency: 'USD' });
  await lead({ conversionRmId: firm.otherRm.userId, obtainedById: firm.rm.userId, expectedValue: '700' });
  await lead({ teamId: firm.teams.other, expectedValue: '10' });
  const date = await yesterday();
  await asSystem((tx) => snapshotPipeline(tx, date));

  const same = (leads: number, value: number) => ({
    ...{
      home: [leads, value],
      report: [leads, value],
      digest: [leads, value],
      board: [leads, value],
      list: leads
    }
  });
  expect(await pipelineOf(firm.rm, '/leads?rm=me&status=open')).toEqual(same(2, 100));
  expect(await pipelineOf(firm.rmHead, '/leads?rm=ours&status=open')).toEqual(same(4, 123));
  expect(await pipelineOf(firm.otherHead, '/leads?rm=ours&status=open')).toEqual(same(2, 710));
  // An administrator's digest is of the week before, of which there is no report.
  const { digest: _digest, ...whole } = same(6, 833);
  expect(await pipelineOf(firm.admin, '/leads?status=open')).toMatchObject(whole);
});
