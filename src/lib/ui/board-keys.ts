import type { Action } from 'svelte/action';
import { isPlain } from './keys.ts';

export interface CardKeys {
  held: () => boolean;
  pickUp: (id: number) => void;
  step: (by: 1 | -1) => void;
  /** True drops the card where it is aimed at, false puts it back. */
  drop: (put: boolean) => void;
}

const CARD = '[data-card]';

/**
 * On a board, with the focus on a card's link: arrows go from card to card, Space picks up; then the left and right
 * arrows aim, Space or Enter drops, Escape puts back.
 */
export const boardKeys: Action<HTMLElement, CardKeys> = (board, initial) => {
  let keys = initial;

  const linksIn = (column: Element | undefined) =>
    [...(column?.querySelectorAll(CARD) ?? [])]
      .map((card) => card.querySelector<HTMLElement>('a[href]'))
      .filter((link) => link !== null);

  function go(from: HTMLElement, key: string) {
    const columns = [...board.querySelectorAll('[data-column]')];
    const here = columns.findIndex((column) => column.contains(from));
    const row = linksIn(columns[here]).indexOf(from);
    if (key === 'ArrowUp' || key === 'ArrowDown')
      return linksIn(columns[here])[row + (key === 'ArrowDown' ? 1 : -1)];
    const beside = key === 'ArrowRight' ? columns.slice(here + 1) : columns.slice(0, here).reverse();
    const links = linksIn(beside.find((column) => linksIn(column).length > 0));
    return links[Math.min(Math.max(row, 0), links.length - 1)];
  }

  const whileHeld: Record<string, () => void> = {
    ArrowLeft: () => keys.step(-1),
    ArrowRight: () => keys.step(1),
    ' ': () => keys.drop(true),
    Enter: () => keys.drop(true),
    Escape: () => keys.drop(false)
  };

  function onkeydown(event: KeyboardEvent) {
    const link = (event.target as Element).closest<HTMLElement>('a[href]');
    const card = link?.closest<HTMLElement>(CARD);
    if (!isPlain(event)) return;
    if (!link || !card) {
      if (event.key === 'Escape' && keys.held()) keys.drop(false);
      return;
    }
    const act = keys.held() ? whileHeld[event.key] : actOn(link, card, event.key);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  function actOn(link: HTMLElement, card: HTMLElement, key: string): (() => void) | undefined {
    if (key === ' ') return () => keys.pickUp(Number(card.dataset.card));
    if (key.startsWith('Arrow')) return () => go(link, key)?.focus();
    return undefined;
  }

  board.addEventListener('keydown', onkeydown);
  return {
    update: (next) => (keys = next),
    destroy: () => board.removeEventListener('keydown', onkeydown)
  };
};
