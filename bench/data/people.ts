import type { Sql } from 'postgres';
import { ADMINISTRATORS, OPS_IN_TEAM, OPS_TEAMS, RM_TEAMS, RMS_IN_TEAM } from './sizes.ts';

/** Two hundred colleagues: teams of a head with executives, and administrators. Nobody has a password. */
export async function makePeople(sql: Sql): Promise<void> {
  await makeTeams(sql, 'rm', RM_TEAMS, RMS_IN_TEAM);
  await makeTeams(sql, 'ops', OPS_TEAMS, OPS_IN_TEAM);
  await sql`
    insert into users (name, role_id) select 'Administrator ' || n, r.id
    from roles r cross join generate_series(1, ${ADMINISTRATORS}::int) n where r.key = 'administrator'`;
  await sql`
    insert into user_profiles (user_id, email, email_key)
    select id, 'user' || id || '@bench.example', 'user' || id || '@bench.example' from users`;
  await sql`insert into accounts (user_id) select id from users`;
  await sql`update request_types set default_team_id = (select min(id) from teams where function = 'ops')`;
}

async function makeTeams(sql: Sql, kind: 'rm' | 'ops', teams: number, members: number): Promise<void> {
  const title = kind === 'rm' ? 'Region' : 'Operations';
  await sql`
    insert into teams (name, function, region)
    select ${title}::text || ' ' || n, ${kind}, case when ${kind} = 'rm' then 'Region ' || n end
    from generate_series(1, ${teams}::int) n`;
  await sql`
    insert into users (name, role_id, main_team_id)
    select case when n = 0 then 'Head of ' || t.name else ${kind.toUpperCase()}::text || ' ' || t.id || '-' || n end, r.id, t.id
    from teams t cross join generate_series(0, ${members}::int) n
    join roles r on r.key = case when n = 0 then 'head' else ${`${kind}_executive`} end
    where t.function = ${kind} order by t.id, n`;
  await sql`insert into team_members (team_id, user_id)
    select u.main_team_id, u.id from users u join teams t on t.id = u.main_team_id and t.function = ${kind}`;
  await sql`update teams t set head_id = (select min(u.id) from users u where u.main_team_id = t.id) where function = ${kind}`;
}
