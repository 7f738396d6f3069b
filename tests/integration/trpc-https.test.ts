import superjson from 'superjson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { addAccount, PASSWORD, type Account } from '../support/accounts.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { startWeb, type Web } from '../support/web.ts';

const PUBLIC_URL = 'https://crm.example.com';

let database: TestDatabase;
let web: Web;
let account: Account;

beforeAll(async () => {
  process.env.PUBLIC_URL = PUBLIC_URL;
  database = await useTestDatabase();
  account = await addAccount();
  web = await startWeb();
});

afterAll(async () => {
  await web.stop();
  await closeDatabase();
  await database.drop();
});

const signIn = (origin: string) =>
  fetch(`${web.origin}/api/trpc/auth.login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify(superjson.serialize({ email: account.email, password: PASSWORD }))
  });

describe('behind a public https address', () => {
  it('the cookie is Secure and browsers are told to stay with https', async () => {
    const response = await signIn(PUBLIC_URL);
    expect(response.status).toBe(200);
    expect(response.headers.get('set-cookie')).toContain('Secure');
    expect(response.headers.get('strict-transport-security')).toBe('max-age=31536000');
  });

  it('posts are taken from that address and no other', async () => {
    expect((await signIn('http://crm.example.com')).status).toBe(403);
    expect((await signIn('https://crm.example.com.evil.example')).status).toBe(403);
  });
});
