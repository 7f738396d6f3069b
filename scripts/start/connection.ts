import postgres, { type Sql } from 'postgres';
import { Failure } from '../script.ts';

/** One connection for a few statements; one line to the user when the database cannot be reached. */
export async function withConnection<T>(url: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => undefined });
  try {
    await sql`select 1`.catch((error: unknown) => {
      throw new Failure(unreachable(url, error));
    });
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function unreachable(url: string, error: unknown): string {
  const { hostname, port, pathname, username } = new URL(url);
  const place = `${hostname}:${port || 5432}${pathname}`;
  const { code, message } = error as { code?: string; message: string };
  if (code === '28P01' || code === '28000')
    return `The database at ${place} does not let ${username} in: check the password`;
  if (code === '3D000') return `There is no database ${pathname.slice(1)} at ${hostname}:${port || 5432}`;
  return `The database at ${place} cannot be reached as ${username} (${code ?? message})`;
}
