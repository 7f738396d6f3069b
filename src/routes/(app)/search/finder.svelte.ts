import type { HitGroup } from '#lib/search/model.ts';
import { api, messageOf } from '#lib/platform/trpc/client.ts';

const PAUSE = 120;
export const SHOWN = 6;

/** Asks as somebody types: not at every letter, and never for what was typed before. */
export class Finder {
  typed = $state('');
  /** What `groups` were found for. */
  found = $state('');
  groups = $state.raw<readonly HitGroup[]>([]);
  problem = $state('');
  pending = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | undefined;
  #whenFound: (() => void) | undefined;

  type(text: string): void {
    this.typed = text;
    this.#stop();
    const q = text.trim();
    if (q === '') {
      this.groups = [];
      this.found = '';
      return;
    }
    this.pending = true;
    this.#timer = setTimeout(() => void this.#ask(q), PAUSE);
  }

  /** Runs now, or as soon as the answer to what is typed is there. */
  whenFound(work: () => void): void {
    if (this.pending) this.#whenFound = work;
    else work();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#whenFound = undefined;
    this.pending = false;
    this.problem = '';
  }

  async #ask(q: string): Promise<void> {
    const request = new AbortController();
    this.#request = request;
    try {
      const { groups } = await api.search.everything.query({ q, limit: SHOWN }, { signal: request.signal });
      if (request.signal.aborted) return;
      this.groups = groups;
      this.found = q;
    } catch (problem) {
      if (request.signal.aborted) return;
      this.groups = [];
      this.problem = messageOf(problem);
    }
    this.pending = false;
    const next = this.#whenFound;
    this.#whenFound = undefined;
    next?.();
  }
}
