import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';

/**
 * Has a shell wait on a pipe from us, which signals the process when we are killed without a chance to act.
 * Returns how to call it off.
 */
export function endWithUs(child: ChildProcess, signal: 'INT' | 'TERM'): () => void {
  const script = `read -r _; kill -${signal} "$1" 2>/dev/null`;
  const shell = spawn('/bin/sh', ['-c', script, 'sh', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/'
  });
  shell.unref();
  return () => shell.kill('SIGKILL');
}

/** Settles when the process has ended or could not be started. */
export function endOf(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    child.once('exit', () => done());
    child.once('error', () => done());
  });
}

/** A port on 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
