import { Agent, request, type IncomingMessage } from 'node:http';
import superjson from 'superjson';
import { SESSION_COOKIE } from '#lib/platform/auth/model.ts';
import { inputFor } from '../visitors.ts';
import { drive } from './pace.ts';
import { answerTasks, nextUnique, type Task } from './task.ts';

// The load: a client over node:http in a process of its own, one kept-alive connection for each visitor.
answerTasks(async (task) => {
  const agents = Array.from(
    { length: task.connections },
    () => new Agent({ keepAlive: true, maxSockets: 1 })
  );
  try {
    return await drive({ ...task, call: (connection, n) => call(task, agents[connection], connection, n) });
  } finally {
    for (const agent of agents) agent.destroy();
  }
});

async function call(task: Task, agent: Agent | undefined, connection: number, n: number): Promise<number> {
  const { origin, kind } = task;
  const visitor = task.visitors[connection % task.visitors.length];
  if (!visitor) throw new Error('Nobody is signed in');
  const headers: Record<string, string> = { cookie: `${SESSION_COOKIE}=${visitor.session}` };
  if (task.path) return send(`${origin}${task.path}`, agent, headers);
  const input = superjson.stringify(inputFor(task, visitor, n, nextUnique()));
  const url = `${origin}/api/trpc/${task.procedure}`;
  if (kind === 'query') return send(`${url}?input=${encodeURIComponent(input)}`, agent, headers);
  return send(url, agent, { ...headers, origin, 'content-type': 'application/json' }, input);
}

function send(
  url: string,
  agent: Agent | undefined,
  headers: Record<string, string>,
  body?: string
): Promise<number> {
  return new Promise((done, fail) => {
    const outgoing = request(
      url,
      { agent, headers, method: body === undefined ? 'GET' : 'POST' },
      (answer) => {
        read(answer).then(done, fail);
      }
    );
    outgoing.once('error', fail);
    outgoing.end(body);
  });
}

/** Reads the answer to its end; returns its size. Anything but 200 is an error. */
function read(answer: IncomingMessage): Promise<number> {
  return new Promise((done, fail) => {
    let bytes = 0;
    let start = '';
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (answer.statusCode !== 200 && start.length < 300) start += chunk.toString();
    });
    answer.once('error', fail);
    answer.once('end', () =>
      answer.statusCode === 200 ? done(bytes) : fail(new Error(`${answer.statusCode}: ${start}`))
    );
  });
}
