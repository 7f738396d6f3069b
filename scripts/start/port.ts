import { createServer } from 'node:net';
import type { Settings } from '#lib/platform/config.ts';
import { freePort } from '../processes.ts';
import { Failure } from '../script.ts';

/** The port to listen on: the wished one, which must be free, or any for 0. */
export async function portFor({ host, port }: Pick<Settings, 'host' | 'port'>): Promise<number> {
  if (port === 0) return freePort();
  const problem = await problemListening(host, port);
  if (problem === 'EADDRINUSE')
    throw new Failure(`Port ${port} is taken: stop what uses it or set PORT to another one`);
  if (problem === 'EACCES')
    throw new Failure(`Port ${port} needs rights that this user does not have: set PORT to another one`);
  if (problem) throw new Failure(`Cannot listen on HOST ${host} (${problem})`);
  return port;
}

function problemListening(host: string, port: number): Promise<string | null> {
  const server = createServer();
  return new Promise((done) => {
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => done(null)));
  });
}
