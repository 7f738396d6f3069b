import { describe, expect, it } from 'vitest';
import { answerTrpc, MOST_BYTES } from '#lib/platform/trpc/endpoint.server.ts';
import { Visitor } from '../support/calls.ts';
import { BASE, CANARY, calls, errorOf, get, notes, post, probe, send, useProbe } from '../support/probe.ts';

useProbe();

describe('the endpoint', () => {
  const batch = (count: number, path = 'ping') =>
    new Request(`${BASE}/${Array(count).fill(path).join(',')}?batch=1&input=${encodeURIComponent('{}')}`);

  it('answers up to twenty calls in a batch and refuses more before any of them', async () => {
    const before = calls;
    expect((await send(batch(20))).status).toBe(200);
    expect(calls - before).toBe(20);
    expect(await errorOf(await send(batch(21)))).toMatchObject({
      status: 400,
      message: 'At most 20 calls in one request'
    });
    expect(await errorOf(await send(batch(900)))).toMatchObject({ status: 400 });
    expect((await send(batch(10_000, 'p'))).status).toBe(400);
    expect(calls - before).toBe(20);
  });

  it.each(['https://evil.example', 'null', 'http://rapport.test.evil.example', 'https://rapport.test'])(
    'refuses a mutation from %s',
    async (origin) => {
      expect(await errorOf(await send(post('add', { id: 40 }, { origin })))).toMatchObject({ status: 403 });
      expect(await notes()).not.toContain(40);
    }
  );

  it('refuses a mutation that a browser says is from another site', async () => {
    expect((await send(post('add', { id: 41 }, { 'sec-fetch-site': 'cross-site' }))).status).toBe(403);
  });

  it('takes mutations from its own pages and from programs', async () => {
    expect((await send(post('add', { id: 42 }, { origin: 'http://rapport.test' }))).status).toBe(200);
    expect((await send(post('add', { id: 43 }))).status).toBe(200);
  });

  it('takes mutations by POST only', async () => {
    expect((await send(get('add', { id: 44 }))).status).toBe(405);
    expect((await send(new Request(`${BASE}/add`, { method: 'DELETE' }))).status).toBe(405);
    expect(await notes()).not.toContain(44);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'refuses a body of type %s',
    async (type) => {
      expect((await send(post('add', { id: 45 }, { 'content-type': type }))).status).toBe(415);
    }
  );

  it.each([
    '{',
    `{"json": ${CANARY}`,
    '[]',
    '"x"',
    '{"json":{"id":"x"}}',
    '{"json":null,"meta":{"values":5}}'
  ])('answers 400 to the malformed body %s without repeating it', async (body) => {
    const headers = { 'content-type': 'application/json' };
    const response = await send(new Request(`${BASE}/add`, { method: 'POST', headers, body }));
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain(CANARY);
  });

  it('refuses a body over its limit by its announced length, before it has come', async () => {
    let read = 0;
    const headers = { 'content-length': '50000000' };
    const response = await send(
      upload(
        endless(() => (read += 65_536)),
        headers
      )
    );
    expect(response.status).toBe(413);
    expect(read).toBeLessThan(MOST_BYTES);
  });

  it('stops keeping a body of unknown length at its limit, and cuts one without end', async () => {
    let read = 0;
    let cut = false;
    const body = endless(
      () => (read += 65_536),
      () => (cut = true)
    );
    expect((await send(upload(body))).status).toBe(413);
    await expect.poll(() => cut).toBe(true);
    expect(read).toBeLessThan(110_000_000);
  });

  it('counts every call of a batch against the rate', async () => {
    const hasty = { ...(await new Visitor().context()), rateKey: 'hasty' };
    const statuses: number[] = [];
    for (let n = 0; n < 16; n++) statuses.push((await answerTrpc(batch(20), hasty, probe)).status);
    expect(statuses.slice(0, 15)).toEqual(Array(15).fill(200));
    expect([207, 429]).toContain(statuses[15]);
  });
});

function upload(body: ReadableStream<Uint8Array>, headers: Record<string, string> = {}): Request {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    duplex: 'half'
  };
  return new Request(`${BASE}/add`, init);
}

function endless(onPull: () => void, onCancel?: () => void): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      onPull();
      controller.enqueue(new Uint8Array(65_536).fill(32));
    },
    cancel: onCancel
  });
}
