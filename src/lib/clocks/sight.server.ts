import { sql, type SQL } from 'drizzle-orm';

/** May this person see the record now? All three are SQL: ids, and a kind of record. */
export const seesRecord = (person: SQL, kind: SQL, record: SQL): SQL => sql`case ${kind}
  when 'query' then app.user_sees_query(${person}, ${record})
  when 'request' then app.user_sees_request(${person}, ${record})
  when 'lead' then app.user_sees_lead(${person}, ${record})
  else app.user_sees_client(${person}, ${record}) end`;
