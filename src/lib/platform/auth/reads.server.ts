import { sql } from 'drizzle-orm';
import type { Tx } from '#lib/platform/db/transactions.server.ts';

interface AccountRow extends Record<string, unknown> {
  email: string;
  role: string;
  teams: { id: number; name: string; function: 'rm' | 'ops'; isHead: boolean }[];
  firm: {
    name: string;
    profile: 'wealth' | 'advisory' | 'maker';
    timeZone: string;
    currency: string;
    locale: string;
    clientWord: 'client' | 'customer';
    promiseWord: 'TAT' | 'SLA';
  } | null;
}

/** What the frame of every page shows of the signed-in person and the firm. Runs in the gate. */
export async function readAccount(tx: Tx, userId: number): Promise<AccountRow | undefined> {
  const rows = await tx.execute<AccountRow>(sql`
    select p.email, r.name as role,
      (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'function', t.function,
          'isHead', t.head_id is not distinct from u.id) order by t.name), '[]')
        from teams t where t.head_id = u.id or t.id in (select m.team_id from team_members m where m.user_id = u.id)
      ) as teams,
      (select jsonb_build_object('name', f.name, 'profile', f.profile, 'timeZone', f.time_zone, 'currency', f.currency,
          'locale', f.locale, 'clientWord', f.client_word, 'promiseWord', f.promise_word)
        from firm_settings f) as firm
    from users u join user_profiles p on p.user_id = u.id join roles r on r.id = u.role_id
    where u.id = ${userId}`);
  return rows[0];
}
