import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endOf } from '../scripts/processes.ts';

/** A process of the benchmark's own that answers messages one at a time. */
export class Part {
  readonly #child: ChildProcess;
  #answer: { done: (message: unknown) => void; fail: (error: Error) => void } | null = null;

  constructor(script: string, env: Record<string, string>, args: string[] = []) {
    const path = fileURLToPath(new URL(`./parts/${script}`, import.meta.url));
    const environment = { ...process.env, ...env, NODE_ENV: 'production' };
    this.#child = fork(path, args, { env: environment, serialization: 'advanced' });
    this.#child.on('message', (message) => this.#answer?.done(message));
    this.#child.once('exit', () => this.#answer?.fail(new Error('A measuring process has ended')));
  }

  ask<T>(message: object): Promise<T> {
    const answer = this.hear<T>();
    this.#child.send(message);
    return answer;
  }

  /** The next message. Throws when the part failed or ended. */
  async hear<T>(): Promise<T> {
    const answer = await new Promise<unknown>((done, fail) => (this.#answer = { done, fail }));
    if (typeof answer === 'object' && answer !== null && 'failed' in answer)
      throw new Error(String(answer.failed));
    return answer as T;
  }

  async stop(): Promise<void> {
    const over = endOf(this.#child);
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    await over;
  }
}
