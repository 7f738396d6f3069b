import { spawn } from 'node:child_process';
import { Failure } from '../script.ts';
import type { Firm } from './firm.ts';

/** Migrates, checks and fills the database in a process of its own. */
export function prepareInAnotherProcess(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Firm> {
  const child = spawn(process.execPath, ['scripts/prepare.ts'], {
    env,
    signal,
    stdio: ['ignore', 'inherit', 'pipe', 'ipc']
  });
  let problem = '';
  child.stderr?.on('data', (text: Buffer) => (problem += text.toString()));
  return new Promise((done, fail) => {
    let firm: Firm | null = null;
    child.once('message', (message) => (firm = message as Firm));
    child.once('error', fail);
    child.once('close', () =>
      firm ? done(firm) : fail(new Failure(problem.trim() || 'The database could not be prepared'))
    );
  });
}
