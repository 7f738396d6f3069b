import type { Action } from 'svelte/action';
import { isPlain, isTyping } from './keys.ts';

const LINK = 'a[data-row]';

/**
 * On a list's body: a click anywhere on a row opens it, `j` and `k` move, Enter opens (the focus is on
 * the row's own link), `x` selects. Everything works by the links and boxes alone as well.
 */
export const rowNavigation: Action<HTMLTableSectionElement> = (body) => {
  const links = () => [...body.querySelectorAll<HTMLAnchorElement>(LINK)];
  const current = () => links().findIndex((link) => link.closest('tr')?.contains(document.activeElement));

  function move(step: number) {
    const all = links();
    const next = all[Math.min(all.length - 1, Math.max(0, current() + step))];
    next?.focus();
    next?.closest('tr')?.scrollIntoView({ block: 'nearest' });
  }

  function toggle() {
    const row = document.activeElement?.closest('tr');
    if (row && body.contains(row)) row.querySelector<HTMLInputElement>('input[type=checkbox]')?.click();
  }

  function onkeydown(event: KeyboardEvent) {
    if (!isPlain(event) || isTyping(event)) return;
    const act = { j: () => move(1), k: () => move(-1), x: toggle }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  function onclick(event: MouseEvent) {
    const target = event.target as Element;
    if (target.closest('a, button, input, label, select, summary') || getSelection()?.toString()) return;
    const link = target.closest('tr')?.querySelector<HTMLAnchorElement>(LINK);
    if (event.ctrlKey || event.metaKey) window.open(link?.href, '_blank');
    else link?.click();
  }

  window.addEventListener('keydown', onkeydown);
  body.addEventListener('click', onclick);
  return {
    destroy() {
      window.removeEventListener('keydown', onkeydown);
      body.removeEventListener('click', onclick);
    }
  };
};
