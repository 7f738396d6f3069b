import { AsyncLocalStorage } from 'node:async_hooks';
import type { Sql } from 'postgres';
import { asUnavailable, isRefusal } from '#lib/platform/db/failures.server.ts';
import type { Client } from '#lib/platform/db/client.server.ts';

interface Answer {
  command?: string;
}

/** A statement as Drizzle uses it: nothing is sent before somebody waits for it. */
export interface Statement<T> extends PromiseLike<T> {
  values(): Promise<T>;
}

/** The part of a postgres.js client that drizzle-orm/postgres-js works with. */
export interface LeasedSql {
  options: Sql['options'];
  unsafe(text: string, parameters?: unknown[]): Statement<unknown>;
  begin(): never;
  savepoint(): never;
}

const observers = new AsyncLocalStorage<(text: string) => void>();

/** Runs `work` and calls `observer` with the text of every statement it sends, transaction control included. */
export function observeStatements<T>(observer: (text: string) => void, work: () => T): T {
  return observers.run(observer, work);
}

// Not in the driver's published types, but what its own `sql.unsafe` looks at.
const PREPARED = { prepare: true, simple: false };
const SIMPLE = { prepare: false, simple: true };

/** A client in the hands of one transaction. After release or discard it answers nothing any more. */
export class Lease {
  readonly sql: LeasedSql;
  #prelude: string | null = null;
  #sent = false;
  #sealed = false;
  #over = false;
  #failed: { error: Error } | null = null;
  readonly #client: Client;
  readonly #giveBack: (client: Client) => void;

  constructor(client: Client, giveBack: (client: Client) => void) {
    this.#client = client;
    this.#giveBack = giveBack;
    const refuse = () => {
      throw new Error('Transactions are opened by asActor, asSystem and asGate; use savepoint(tx, …) inside');
    };
    this.sql = {
      options: client.sql.options,
      unsafe: (text, parameters) => this.#statement(text, parameters ?? []),
      begin: refuse,
      savepoint: refuse
    };
  }

  /** Has anything been sent to the server? */
  get used(): boolean {
    return this.#sent;
  }

  /** The first statement that failed, unless a savepoint was rolled back since. */
  get failure(): { error: Error } | null {
    return this.#failed;
  }

  /** After a rollback to a savepoint the transaction is as sound as it was when the savepoint was set. */
  recover(failure: { error: Error } | null): void {
    if (!this.#client.closed) this.#failed = failure;
  }

  /** Text to travel in one packet with the first statement; never sent when there is none. */
  open(prelude: string): void {
    this.#prelude = prelude;
  }

  /** Sends our own text (transaction control) in the simple protocol. */
  send(text: string): Promise<Answer> {
    return this.#run(text, () => this.#client.sql.unsafe(text, [], SIMPLE) as PromiseLike<Answer>);
  }

  /** From here on only our own text is sent: a statement that comes late must not run behind the commit. */
  seal(): void {
    this.#sealed = true;
  }

  release(): void {
    if (this.#over) return;
    this.#over = true;
    this.#giveBack(this.#client);
  }

  discard(): void {
    this.#over = true;
    this.#client.destroy();
  }

  #statement(text: string, parameters: unknown[]): Statement<unknown> {
    const query = () => {
      this.#client.prepared.add(text);
      return this.#client.sql.unsafe(text, parameters as never[], PREPARED);
    };
    const run = (start: () => PromiseLike<unknown>) =>
      this.#sealed ? Promise.reject(new Error('This transaction is over')) : this.#run(text, start);
    return {
      then: (done, failed) => run(() => query() as PromiseLike<unknown>).then(done, failed),
      values: () => run(() => query().values() as PromiseLike<unknown>)
    };
  }

  /** Sends a statement, and fails it as soon as the connection closes, whatever the driver makes of that. */
  #run<T>(text: string, start: () => PromiseLike<T>): Promise<T> {
    if (this.#over) return Promise.reject(new Error('This transaction is over'));
    this.#sendPrelude();
    observers.getStore()?.(text);
    return new Promise<T>((resolve, reject) => {
      const fail = (error: unknown) => reject(this.#fail(error));
      const forget = this.#client.onLost(fail);
      if (this.#client.closed) this.#client.destroy();
      else
        start()
          .then(resolve, fail)
          .then(forget, () => undefined);
    });
  }

  #sendPrelude(): void {
    const prelude = this.#prelude;
    this.#prelude = null;
    this.#sent = true;
    if (prelude !== null) this.send(prelude).catch(() => undefined);
  }

  /**
   * Records the failure. A connection on which something other than a plain refusal happened is in an unknown
   * state and is thrown away.
   */
  #fail(raw: unknown): Error {
    const error = asUnavailable(raw);
    this.#failed ??= { error };
    if (!isRefusal(raw) && !this.#client.closed) this.#client.destroy();
    return this.#failed.error;
  }
}
