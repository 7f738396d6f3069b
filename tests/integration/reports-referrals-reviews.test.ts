import { describe, expect, it } from 'vitest';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { callerFor } from '#lib/platform/trpc/caller.server.ts';
import { portfolioReviews } from '#lib/reviews/schema.server.ts';
import { mintClient, mintInteraction, mintLead } from '../support/records.ts';
import { at, figures } from '../support/report-figures.ts';
import { firm, useTestFirm } from '../support/test-firm.ts';

useTestFirm();

describe('The referral ledger', () => {
  it('groups what was typed alike, links clients the reader sees, and says what came of it', async () => {
    const giver = await mintClient({ primaryRmId: firm.rm.userId, name: 'Gives often' });
    const lead = {
      conversionRmId: firm.rm.userId,
      obtainedById: firm.rm.userId,
      createdAt: at('2026-05-04T10:00')
    };
    await mintLead({ ...lead, givenBy: 'Dr. Rao', expectedValue: '100.50' });
    await mintLead({
      ...lead,
      givenBy: '  dr.  RAO',
      status: 'denied',
      denialReason: 'budget',
      expectedValue: '10.00'
    });
    await mintLead({
      ...lead,
      givenBy: 'x',
      givenByClientId: giver,
      status: 'converted',
      clientId: giver,
      convertedAt: new Date(),
      expectedValue: '2000.25'
    });
    await mintLead({ ...lead, expectedValue: '5.00', currency: 'USD' });
    await mintLead({ ...lead, conversionRmId: firm.otherRm.userId, givenByClientId: giver });
    const may = { from: '2026-05-04', to: '2026-05-04' };

    const own = await callerFor(firm.rm).reports.referrals(may);
    expect(figures(own.tables, 'giver', 'Gives often')).toMatchObject({
      leads: 2,
      converted: 1,
      won: '2000.25'
    });
    expect(figures(own.tables, 'giver', '  dr.  RAO'.trim())).toMatchObject({
      leads: 2,
      denied: 1,
      open: 1,
      value: '110.50'
    });
    expect(figures(own.tables, 'giver', null)).toMatchObject({ leads: 1, value: '0' });
    expect(own.tables[0]?.rows.find(({ label }) => label === 'Gives often')?.href).toBe(`/clients/${giver}`);

    const others = await callerFor(firm.otherRm).reports.referrals(may);
    expect(others.tables[0]?.rows).toMatchObject([
      { key: 'hidden', label: null, figures: { leads: { value: 1 } } }
    ]);
    expect(JSON.stringify(others)).not.toContain('Gives often');
  });
});

describe('The report on portfolio reviews', () => {
  it('says which were held in time and late, which are overdue, and whom nobody ever reviewed', async () => {
    const rm = { primaryRmId: firm.otherRm.userId, lifecycle: 'active' as const };
    const reviewed = await mintClient({ ...rm, reviewEveryMonths: 2, nextReviewOn: '2026-06-30' });
    await mintClient({ ...rm, name: 'Never' });
    const hold = async (heldOn: string, nextOn: string | null) => {
      const interactionId = await mintInteraction({
        clientId: reviewed,
        userId: firm.otherRm.userId,
        purpose: 'portfolio_review',
        occurredAt: at(`${heldOn}T11:00`)
      });
      await asSystem((tx) => tx.insert(portfolioReviews).values({ interactionId, heldOn, nextOn }));
    };
    await hold('2026-01-10', '2026-02-10');
    await hold('2026-02-10', null);
    await hold('2026-04-20', '2026-06-30');
    const { tables } = await callerFor(firm.otherRm).reports.reviews({
      from: '2026-02-01',
      to: '2026-06-30'
    });
    // Due as agreed on the 10th of February, then by the interval on the 10th of April, then on the 30th of June.
    expect(figures(tables, 'duePerson', 'Osman South')).toEqual({
      due: 3,
      in_time: 1,
      late: 1,
      overdue: 1,
      coming: 0
    });
    expect(figures(tables, 'person', 'Osman South')).toEqual({
      ...{ clients: 2, reviewed: 1, coverage: 0.5, planned: 0, overdue: 1, unplanned: 1, never: 1 }
    });
  });
});
