import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { endOf, endWithUs, freePort } from '../../scripts/processes.ts';

export interface Redis {
  url: string;
  stop: () => Promise<void>;
}

/** Starts a Redis that keeps nothing on disk; null where no redis-server is installed. */
export async function startRedis(): Promise<Redis | null> {
  const program = programNamed('redis-server');
  if (!program) return null;
  const port = await freePort();
  const settings = [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    tmpdir()
  ];
  const server = spawn(program, settings, { stdio: 'ignore', detached: true });
  const ended = endOf(server);
  const callOffGuard = endWithUs(server, 'TERM');
  const failed = ended.then(() => {
    callOffGuard();
    throw new Error('redis-server did not start');
  });
  await Promise.race([answering(port), failed]);
  failed.catch(() => undefined);
  const stop = () => {
    server.kill('SIGTERM');
    return ended;
  };
  return { url: `redis://127.0.0.1:${port}`, stop };
}

/** The path of an installed program, or null. */
export function programNamed(name: string): string | null {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/bin',
    '/usr/local/bin',
    '/opt/homebrew/bin'
  ];
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function answering(port: number): Promise<void> {
  while (!(await pings(port))) await pause(20);
}

function pings(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (answer) => {
      socket.destroy();
      done(answer.toString().startsWith('+PONG'));
    });
    socket.once('error', () => done(false));
  });
}
