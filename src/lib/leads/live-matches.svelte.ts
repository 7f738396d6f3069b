import { normalisedPan } from '#lib/clients/pan.ts';
import { api } from '#lib/platform/trpc/client.ts';
import type { ClientMatch } from './conversion.ts';

const WATCHED = ['email', 'phone', 'accountId'] as const;
const WAIT_MS = 400;

/** Clients that what is typed into the conversion's form brings up, beside those the lead itself did. */
export class LiveMatches {
  #byPan = $state.raw<readonly ClientMatch[]>([]);
  #byAddress = $state.raw<readonly ClientMatch[]>([]);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Those that were known and those that were found since, each once, with the reason found first. */
  among(known: readonly ClientMatch[]): ClientMatch[] {
    const all = [...this.#byPan, ...known, ...this.#byAddress];
    return all.filter(({ id }, index) => all.findIndex((match) => match.id === id) === index);
  }

  /** For `oninput` of the form's fields. */
  watch = (event: Event): void => {
    const { form, name } = event.target as HTMLInputElement;
    if (!form || !WATCHED.some((one) => one === name)) return;
    const entered = new FormData(form);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(entered), WAIT_MS);
  };

  /** For `onchange`: a PAN is asked for once it is whole, and never in an address. */
  watchPan = async (event: Event): Promise<void> => {
    const { name, value } = event.target as HTMLInputElement;
    if (name !== 'pan') return;
    const pan = normalisedPan(value);
    this.#byPan = pan.length === 10 ? await api.clients.panDuplicates.mutate({ pan }).catch(() => []) : [];
  };

  stop = (): void => clearTimeout(this.#timer);

  async #look(entered: FormData): Promise<void> {
    const turn = ++this.#asked;
    const typed = WATCHED.map((name) => [name, entered.get(name)] as const).filter(([, text]) => text);
    const answer =
      typed.length === 0 ? [] : await api.clients.duplicates.query(Object.fromEntries(typed)).catch(() => []);
    if (turn === this.#asked) this.#byAddress = answer;
  }
}
