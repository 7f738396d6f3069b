/** What the four files of a sales set hold, checked and with its references resolved. */
export interface SalesSet {
  managers: Manager[];
  agents: Agent[];
  products: Product[];
  accounts: Account[];
  opportunities: Opportunity[];
}

export interface Manager {
  name: string;
  region: string;
}

export interface Agent {
  name: string;
  manager: Manager;
}

export interface Product {
  name: string;
  key: string;
  series: string | null;
  price: string | null;
}

export interface Account {
  name: string;
  sector: string | null;
  established: string | null;
  revenue: string | null;
  employees: string | null;
  country: string | null;
  parent: string | null;
}

export interface Opportunity {
  id: string;
  agent: Agent;
  product: Product;
  account: Account | null;
  status: 'new' | 'wip' | 'converted' | 'denied';
  /** `YYYY-MM-DD` */
  engagedOn: string | null;
  closedOn: string | null;
  value: string | null;
}

export const STATUS_OF_STAGE: Record<string, Opportunity['status']> = {
  prospecting: 'new',
  engaging: 'wip',
  won: 'converted',
  lost: 'denied'
};

/** Known misspellings of the source; anything else is taken as it is written. */
const SPELLINGS: Record<string, string> = { technolgy: 'technology', Philipines: 'Philippines' };

export const spelled = (text: string) => SPELLINGS[text] ?? text;
