import { sql } from 'drizzle-orm';
import { lateIn, latenessJson } from '#lib/admin/lateness.server.ts';
import type { LateKind } from '#lib/admin/model.ts';
import { may, type Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { idArray } from '#lib/platform/db/arrays.server.ts';

/** What the frame of every page needs, in one statement. */
interface FrameRow extends Record<string, unknown> {
  email: string;
  role: string;
  timeZone: string;
  firm: {
    name: string;
    locale: string;
    currency: string;
    timeZone: string;
    clientWord: 'client' | 'customer';
    promiseWord: 'TAT' | 'SLA';
    panCompulsory: boolean;
    /** Names the picture at `/api/logo/[hash]`. */
    logoRef: string | null;
  };
  counts: { leads: number; queries: number; requests: number; notifications: number };
  /** Of the background, for those who look after it. */
  late: Partial<Record<LateKind, string>> | null;
}

/** At most this many are counted: a badge says "99+". */
const COUNTED = 100;

const atMost = (rows: ReturnType<typeof sql>) =>
  sql`(select count(*)::int from (select 1 ${rows} limit ${COUNTED}) counted)`;

/** Who is signed in, the firm's words, and counts of what waits for this person. */
export async function frame(tx: Tx, actor: Actor) {
  const teams = idArray(actor.headedTeamIds);
  const [row] = await tx.execute<FrameRow>(sql`
    select p.email, r.name as role, coalesce(p.time_zone, f.time_zone) as "timeZone",
      json_build_object('name', f.name, 'locale', f.locale, 'currency', f.currency, 'timeZone', f.time_zone,
        'clientWord', f.client_word, 'promiseWord', f.promise_word, 'panCompulsory', f.pan_compulsory, 'logoRef', f.logo_ref) as firm,
      json_build_object(
        'leads', ${atMost(sql`from leads where status in ('new', 'wip')
          and (conversion_rm_id = ${actor.userId} or (conversion_rm_id is null and team_id = any (${teams})))`)},
        'queries', ${atMost(sql`from queries where status in ('open', 'in_progress') and rm_id = ${actor.userId}`)},
        'requests', ${atMost(sql`from service_requests where (status in ('pending', 'in_progress') and assignee_id = ${actor.userId})
          or (status = 'pending' and assignee_id is null and team_id = any (${idArray(actor.teamIds)}))`)},
        'notifications', ${atMost(sql`from notifications where user_id = ${actor.userId} and read_at is null`)}
      ) as counts,
      ${may(actor, 'admin.jobs') ? latenessJson() : sql`null`} as late
    from users u
    join user_profiles p on p.user_id = u.id
    join roles r on r.id = u.role_id
    cross join firm_settings f
    where u.id = ${actor.userId}`);
  if (!row) throw new Error('The signed-in person has no profile');
  return {
    me: {
      id: actor.userId,
      name: actor.name,
      email: row.email,
      level: actor.level,
      title: row.role,
      timeZone: row.timeZone
    },
    grants: actor.grants,
    firm: row.firm,
    counts: row.counts,
    late: lateIn(row.late)
  };
}
