import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { firmOf } from '#lib/settings/reads.server.ts';
import { administrators, ensureAdministrator } from '../administrators.server.ts';
import { inviteWithoutPassword } from '../invitations.server.ts';
import { present } from '../present.ts';
import type { Progress } from '../progress.ts';
import type { ImportReport } from '../report.ts';
import { writeProducts } from './catalogue.server.ts';
import { writeClients } from './clients.server.ts';
import { writeLeads } from './leads.server.ts';
import type { Account, SalesSet } from './model.ts';
import { ownersOf } from './owners.ts';
import { writeStaff, type Staff } from './people.server.ts';

export interface SalesOptions {
  /** The part after @ of the addresses made for people. */
  mailDomain: string;
  /** ISO code of the amounts; the firm's currency when null. */
  currency: string | null;
  /** Of the administrator who is made when the firm has none. */
  adminEmail: string | null;
  /** The address of the site: one-time links to it are made for everybody of the set who has no password yet. */
  inviteTo: string | null;
  progress: Progress;
  signal: AbortSignal;
}

type Written = Pick<ImportReport, 'tallies' | 'invited' | 'remarks'>;

/** Writes the set into the firm, in the transaction of the caller. What is known already stays as it is. */
export async function writeSales(tx: Tx, set: SalesSet, options: SalesOptions): Promise<Written> {
  const { mailDomain, progress, signal } = options;
  const firm = await firmOf(tx);
  const currency = options.currency ?? firm.currency;
  const administrator = await ensureAdministrator(tx, options.adminEmail ?? `administrator@${mailDomain}`);
  const staff = await writeStaff(tx, set, mailDomain);
  const catalogue = await writeProducts(tx, set.products, currency);
  signal.throwIfAborted();
  const clients = await writeClients(tx, {
    accounts: set.accounts,
    ownerOf: ownerIn(set, staff),
    authorId: administrator.userId
  });
  const written = await writeLeads(tx, set.opportunities, {
    personOf: ({ agent }) => present(staff.agents.get(agent)),
    productIdOf: ({ product }) => present(catalogue.ids.get(product.key)),
    clientIdOf: ({ account }) => present(clients.ids.get(account?.name ?? '')),
    timeZone: firm.timeZone,
    currency,
    signal,
    progress
  });
  const people = [administrator, ...staff.heads.values(), ...staff.agents.values()];
  const emails = people.map(({ email }) => email.toLowerCase());
  return {
    tallies: {
      teams: staff.teams,
      users: staff.users,
      products: catalogue.tally,
      clients: clients.tally,
      ...written
    },
    invited: options.inviteTo ? await inviteWithoutPassword(tx, emails, options.inviteTo) : [],
    remarks: [await remarkOn(tx, administrator)]
  };
}

function ownerIn({ opportunities }: SalesSet, { agents }: Staff): (account: Account) => number | null {
  const owners = ownersOf(opportunities);
  return (account) => {
    const owner = owners.get(account);
    return owner ? present(agents.get(owner)).userId : null;
  };
}

async function remarkOn(tx: Tx, { email, isNew }: Awaited<ReturnType<typeof ensureAdministrator>>) {
  if (isNew) return `The firm had no administrator: ${email} was added and signs in by invitation`;
  const emails = (await administrators(tx)).map((administrator) => administrator.email);
  return `Administrators as before: ${emails.join(', ')}`;
}
