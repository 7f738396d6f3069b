import { error, redirect, type RequestEvent } from '@sveltejs/kit';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { numberIn, runAction, runForm } from '#lib/ui/form.server.ts';

const schema = z.strictObject({ name: z.string().min(1), password: z.string().optional() });

function post(entries: Record<string, string> | [string, string][], path = '/leads/1?/deny'): RequestEvent {
  const url = new URL(path, 'http://localhost');
  const request = new Request(url, { method: 'POST', body: new URLSearchParams(entries) });
  // Only what an action reads of the event.
  return { request, url } as RequestEvent;
}

describe('a form action', () => {
  it('gives the checked input to its work and answers with the result', async () => {
    const answer = await runForm(post({ name: 'Rao' }), schema, (input) => Promise.resolve({ input }));
    expect(answer).toEqual({ input: { name: 'Rao' } });
  });

  it('refuses what breaks the schema, names the action, and keeps what was typed but no secret', async () => {
    const answer = await runForm(post({ name: '', password: 'hunter2' }), schema, () => Promise.resolve({}));
    expect(answer).toMatchObject({
      status: 400,
      data: { action: '?/deny', fieldErrors: { name: ['Fill this in'] }, values: { name: '' } }
    });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });

  it('shows what a rule says, beside its field where the rule names one', async () => {
    const rule = await runForm(post({ name: 'Rao' }), schema, () => error(422, { message: 'Not now' }));
    expect(rule).toMatchObject({ status: 422, data: { message: 'Not now' } });
    const field = await runForm(post({ name: 'Rao' }), schema, () =>
      error(422, { message: 'Taken', details: { field: 'name' } })
    );
    expect(field).toMatchObject({ data: { fieldErrors: { name: ['Taken'] } } });
  });

  it('hands on the row as it is now when somebody was faster', async () => {
    const current = { version: 4, name: 'Menon' };
    const answer = await runForm(post({ name: 'Rao' }), schema, () =>
      error(409, { message: 'Changed', details: { current } })
    );
    expect(answer).toMatchObject({ status: 409, data: { current } });
  });

  it('lets redirects and faults of ours through', async () => {
    const away = runForm(post({ name: 'Rao' }), schema, () => redirect(303, '/leads'));
    await expect(away).rejects.toMatchObject({ status: 303, location: '/leads' });
    const fault = runAction(post({}), () => error(500, { message: 'Something went wrong', id: 'x' }));
    await expect(fault).rejects.toMatchObject({ status: 500 });
  });

  it('leads to the sign-in when the session has ended, and back', async () => {
    const ended = runAction(post({}), () => error(401, { message: 'Please sign in' }));
    await expect(ended).rejects.toMatchObject({ status: 303, location: '/login?next=%2Fleads%2F1' });
  });

  it('keeps every ticked box of a name, none where none was ticked, and one choice of many as it is', async () => {
    const boxes: [string, string][] = [
      ['teamIds', ''],
      ['teamIds', '3'],
      ['teamIds', '5'],
      ['holdingIds', ''],
      ['choice', ''],
      ['choice', 'new']
    ];
    const answer = await runForm(post([['name', ''], ...boxes]), schema, () => Promise.resolve({}));
    expect(answer).toMatchObject({
      data: { values: { teamIds: ['3', '5'], holdingIds: '', choice: 'new' } }
    });
  });

  it('says a wrong password on the sign-in itself', async () => {
    const answer = await runAction(post({}, '/login'), () => error(401, { message: 'Wrong' }));
    expect(answer).toMatchObject({ status: 401, data: { message: 'Wrong', action: '' } });
  });
});

describe('a hidden number', () => {
  it('is a number or a bad request', () => {
    const form = new FormData();
    form.set('id', '12');
    form.set('version', 'x');
    expect(numberIn(form, 'id')).toBe(12);
    expect(() => numberIn(form, 'version')).toThrow(expect.objectContaining({ status: 400 }));
  });
});
