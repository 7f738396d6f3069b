import { productKey } from '#lib/catalogue/model.ts';
import { BadRow } from '../csv.server.ts';
import { isMissing, optionalAmount, optionalDate, requiredName, shown } from '../fields.server.ts';
import { nameKey } from '../names.ts';
import {
  spelled,
  STATUS_OF_STAGE,
  type Account,
  type Agent,
  type Manager,
  type Opportunity,
  type Product
} from './model.ts';

/** What was read so far, by name key. */
export interface Known {
  managers: Map<string, Manager>;
  agents: Map<string, Agent>;
  products: Map<string, Product>;
  accounts: Map<string, Account>;
}

type Row<Column extends string> = Record<Column, string>;

export function readAgent(
  row: Row<'sales_agent' | 'manager' | 'regional_office'>,
  { managers, agents }: Known
): Agent {
  const name = keyed('sales_agent', row.sales_agent);
  const manager = keyed('manager', row.manager);
  const region = requiredName('regional_office', row.regional_office);
  const known = managers.get(nameKey(manager));
  const team = agents.get(nameKey(name))?.manager;
  if (team && team !== known)
    throw new BadRow(`sales_agent ${shown(name)} is in the team of ${shown(team.name)} already`);
  if (known && known.region !== region)
    throw new BadRow(`manager ${shown(manager)} heads a team in ${known.region} already`);
  const head = known ?? { name: manager, region };
  managers.set(nameKey(manager), head);
  return { name, manager: head };
}

export function readProduct(row: Row<'product' | 'series' | 'sales_price'>): Product {
  const name = keyed('product', row.product);
  return {
    name,
    key: productKey(name),
    series: optionalText('series', row.series),
    price: optionalAmount('sales_price', row.sales_price)
  };
}

export function readAccount(
  row: Row<
    'account' | 'sector' | 'year_established' | 'revenue' | 'employees' | 'office_location' | 'subsidiary_of'
  >
): Account {
  const text = (column: keyof typeof row) => optionalText(column, row[column]);
  return {
    name: keyed('account', row.account),
    sector: text('sector'),
    established: text('year_established'),
    revenue: text('revenue'),
    employees: text('employees'),
    country: text('office_location'),
    parent: text('subsidiary_of')
  };
}

export function readOpportunity(
  row: Row<
    | 'opportunity_id'
    | 'sales_agent'
    | 'product'
    | 'account'
    | 'deal_stage'
    | 'engage_date'
    | 'close_date'
    | 'close_value'
  >,
  known: Known
): Opportunity {
  const status = STATUS_OF_STAGE[row.deal_stage.toLowerCase()];
  if (!status) throw new BadRow(`deal_stage is unknown: ${shown(row.deal_stage)}`);
  return consistent({
    id: requiredName('opportunity_id', row.opportunity_id),
    agent: found('sales_agent', row.sales_agent, known.agents),
    product: found('product', row.product, known.products, productKey),
    account: isMissing(row.account) ? null : found('account', row.account, known.accounts),
    status,
    engagedOn: optionalDate('engage_date', row.engage_date),
    closedOn: optionalDate('close_date', row.close_date),
    value: optionalAmount('close_value', row.close_value)
  });
}

function consistent(opportunity: Opportunity): Opportunity {
  const { status, engagedOn, closedOn, value, account } = opportunity;
  const closed = status === 'converted' || status === 'denied';
  if (status !== 'new' && !engagedOn) throw new BadRow('engage_date is missing');
  if (closed && !closedOn) throw new BadRow('close_date is missing');
  if (!closed && closedOn) throw new BadRow('An open opportunity has a close_date');
  if (engagedOn && closedOn && closedOn < engagedOn) throw new BadRow('close_date is before engage_date');
  if (status === 'converted' && !value) throw new BadRow('close_value is missing');
  if (status === 'converted' && !account) throw new BadRow('A won opportunity names no account');
  return opportunity;
}

function found<T>(column: string, name: string, among: Map<string, T>, keyOf = nameKey): T {
  const record = among.get(keyOf(requiredName(column, name)));
  if (!record) throw new BadRow(`${column} is unknown: ${shown(name)}`);
  return record;
}

function keyed(column: string, name: string): string {
  if (nameKey(requiredName(column, name)) === '')
    throw new BadRow(`${column} has no letter or digit: ${shown(name)}`);
  return name;
}

function optionalText(column: string, text: string): string | null {
  return isMissing(text) ? null : spelled(requiredName(column, text));
}
