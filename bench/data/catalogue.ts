import type { Sql } from 'postgres';
import type { Sizes } from './sizes.ts';

const HOUSES =
  `Aravalli Banyan Brahmaputra Chinar Coromandel Deccan Deodar Fortune Ganga Garuda Godavari Himadri Indus Jasmine
  Kaveri Konark Kosi Lotus Malabar Mandara Mayura Meghna Nalanda Narmada Neem Nilgiri Peepal Pragati Sagar Sahyadri Samudra
  Sandal Satpura Shanti Surya Tapti Teesta Udaya Vindhya Yamuna`.split(/\s+/);
const SORTS =
  `Large Cap|Mid Cap|Small Cap|Flexi Cap|Multi Cap|Focused|Value|Contra|Dividend Yield|ELSS Tax Saver|Banking
  Financial Services|Healthcare|Technology|Infrastructure|Consumption|Energy|Index Nifty 50|Index Next 50|Gilt|Liquid|Overnight|Money Market
  Ultra Short Duration|Low Duration|Short Duration|Medium Duration|Corporate Bond|Credit Risk|Dynamic Bond|Balanced Advantage|Arbitrage
  Equity Savings|Multi Asset|Retirement|Children's|Fund of Funds`
    .split(/[|\n]/)
    .map((name) => name.trim());
const PLANS = ['Direct Plan', 'Regular Plan'];
const OPTIONS = ['Growth', 'IDCW Payout', 'IDCW Reinvestment', 'Bonus', 'Monthly IDCW'];

/** Schemes as the list of all of them names them, their codes from 100001 on. */
export async function makeCatalogue(sql: Sql, { schemes }: Sizes): Promise<void> {
  await sql`
    insert into products (name, name_key, kind, scheme_code, fund_house, scheme_type, scheme_category, isin, nav, nav_on, active)
    select name, regexp_replace(lower(name), '[^a-z0-9]', '', 'g'), 'scheme', (100000 + n)::text, house || ' Mutual Fund',
      'open', 'Scheme - ' || sort || ' Fund', 'INF' || lpad(n::text, 9, '0'), 10 + n * 31 % 4000 / 7.0, current_date - 1, n % 20 <> 19
    from generate_series(1, ${schemes}::int) n
    cross join lateral (select (${HOUSES}::text[])[1 + n % ${HOUSES.length}] as house,
      (${SORTS}::text[])[1 + n / ${HOUSES.length} % ${SORTS.length}] as sort,
      n / ${HOUSES.length * SORTS.length} as variant) a
    cross join lateral (select house || ' ' || sort || ' Fund - ' || (${PLANS}::text[])[1 + variant % 2] || ' - '
      || (${OPTIONS}::text[])[1 + variant / 2 % ${OPTIONS.length}] as name) b
    order by n`;
}
