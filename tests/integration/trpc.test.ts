import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { LOG_OPTIONS, log } from '#lib/platform/log.ts';
import { appRouter } from '#lib/platform/trpc/router.server.ts';
import { addAccount, PASSWORD } from '../support/accounts.ts';
import { Visitor } from '../support/calls.ts';
import { CANARY, errorOf, get, notes, post, send, useProbe } from '../support/probe.ts';

useProbe();

describe('every procedure', () => {
  it('of the app says what permission it wants', () => {
    for (const [path, procedure] of Object.entries(appRouter._def.procedures)) {
      const { meta } = (procedure as unknown as { _def: { meta?: { permission?: string } } })._def;
      expect(meta?.permission, path).toBeTypeOf('string');
    }
  });

  it('wants somebody signed in who holds its permission', async () => {
    expect(await errorOf(await send(get('limited'), new Visitor()))).toMatchObject({ status: 401 });
    expect(await errorOf(await send(get('limited')))).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect(await errorOf(await send(get('thrown'), new Visitor()))).toMatchObject({ status: 401 });
  });

  it('is closed to the holder of a one-time password', async () => {
    const fresh = await addAccount({ mustChange: true, grants: { 'leads.view': 'own' } });
    const newcomer = new Visitor();
    await newcomer.signIn(fresh.email, PASSWORD);
    const answer = await errorOf(await send(get('canary', { text: '1' }), newcomer));
    expect(answer).toMatchObject({ status: 403, message: 'Please choose a new password first' });
  });

  it('undoes what it wrote when it refuses after all', async () => {
    expect(await errorOf(await send(post('addThenRefuse', { id: 1 })))).toMatchObject({
      status: 422,
      message: 'Not today'
    });
    expect(await notes()).not.toContain(1);
  });

  it('cannot write when it is a query', async () => {
    vi.spyOn(log, 'error').mockReturnValue();
    expect((await send(get('addInQuery', { id: 2 }))).status).toBe(500);
    expect(await notes()).not.toContain(2);
  });

  it('takes no unknown keys, and names the fields without their values', async () => {
    const answer = await errorOf(await send(post('add', { id: CANARY, [CANARY]: 1 })));
    expect(answer).toMatchObject({ status: 400, message: 'Please check what was entered' });
    expect(answer.fieldErrors).toHaveProperty('id');
    expect(JSON.stringify(answer)).not.toContain(CANARY);
  });
});

describe('errors', () => {
  it('of the domain keep their message and details', async () => {
    expect(await errorOf(await send(get('hidden')))).toMatchObject({ status: 404, message: 'Not found' });
    expect(await errorOf(await send(post('stale')))).toMatchObject({
      status: 409,
      details: { current: { version: 3 } }
    });
  });

  it('of foreign and unique keys do not tell what exists', async () => {
    await send(post('add', { id: 5 }));
    expect(await errorOf(await send(post('orphan')))).toMatchObject({ status: 404, message: 'Not found' });
    expect(await errorOf(await send(post('add', { id: 5 })))).toMatchObject({
      status: 409,
      message: 'Something with these values exists already'
    });
  });

  it.each([
    ['a statement that fails on its parameters', () => get('canary', { text: CANARY })],
    ['an error nobody foresaw', () => get('thrown')]
  ])('of %s show an id and neither message nor parameters', async (_, request) => {
    const logged: unknown[][] = [];
    vi.spyOn(log, 'error').mockImplementation((...entry: unknown[]) => void logged.push(entry));
    const response = await send(request());
    const body = await response.text();
    expect(response.status).toBe(500);
    expect(body).not.toContain(CANARY);
    expect(body).not.toContain('at ');
    const id = /Something went wrong \(id ([0-9a-f-]{36})\)/.exec(body)?.[1];
    expect(logged).toEqual([[expect.objectContaining({ requestId: id }), 'procedure failed']]);
  });

  it('reach the log without the parameters', async () => {
    const lines: string[] = [];
    const memory = pino(LOG_OPTIONS, { write: (line: string) => void lines.push(line) });
    memory.level = 'error';
    vi.spyOn(log, 'error').mockImplementation((entry: unknown, text?: string) => memory.error(entry, text));
    await send(get('canary', { text: CANARY }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('22P02');
    expect(lines[0]).not.toContain(CANARY);
  });
});
