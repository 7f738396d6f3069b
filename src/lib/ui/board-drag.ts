import type { Action } from 'svelte/action';

export interface DragEvents {
  /** A card is about to be dragged; false when it cannot be moved. */
  start: (id: number) => boolean;
  /** Key of the column under the pointer, or null. */
  over: (column: string | null) => void;
  drop: (column: string | null) => void;
}

interface Held {
  card: HTMLElement;
  x: number;
  y: number;
  /** What follows the pointer; there only once the pointer has moved. */
  ghost?: HTMLElement;
}

const FAR_ENOUGH = 6;
const EDGE = 48;

/**
 * On a board: drags `[data-card]` onto `[data-column]`. A mouse takes the whole card, a finger its `[data-grip]`,
 * so that the page still scrolls by touch.
 */
export const boardDrag: Action<HTMLElement, DragEvents> = (board, initial) => {
  let events = initial;
  let held: Held | null = null;
  let following = new AbortController();

  function press(event: PointerEvent) {
    const target = event.target as Element;
    const card = target.closest<HTMLElement>('[data-card]');
    const grip = target.closest('[data-grip]');
    const other =
      !grip && (event.pointerType === 'touch' || target.closest('button, input, select, summary'));
    if (!card || other || event.button !== 0) return;
    held = { card, x: event.clientX, y: event.clientY };
    follow();
  }

  function move(event: PointerEvent) {
    if (!held) return;
    const { card, x, y } = held;
    const [dx, dy] = [event.clientX - x, event.clientY - y];
    if (!held.ghost) {
      if (Math.hypot(dx, dy) < FAR_ENOUGH) return;
      if (!events.start(Number(card.dataset.card))) return end();
      held.ghost = ghostOf(card);
    }
    held.ghost.style.transform = `translate(${dx}px, ${dy}px) rotate(1.5deg)`;
    scrollAtEdge(board, event.clientX);
    events.over(columnAt(event));
  }

  function release(event: PointerEvent) {
    const dragged = held?.ghost !== undefined;
    end();
    if (!dragged) return;
    swallowClick();
    events.drop(columnAt(event));
  }

  function leave(event: Event) {
    if (event instanceof KeyboardEvent && event.key !== 'Escape') return;
    const dragged = held?.ghost !== undefined;
    end();
    if (dragged) events.drop(null);
  }

  function end() {
    held?.ghost?.remove();
    held = null;
    document.body.classList.remove('select-none');
    following.abort();
  }

  function follow() {
    following = new AbortController();
    const { signal } = following;
    window.addEventListener('pointermove', move, { signal });
    window.addEventListener('pointerup', release, { signal });
    window.addEventListener('pointercancel', leave, { signal });
    window.addEventListener('keydown', leave, { signal });
  }

  const keepLink = (event: Event) => event.preventDefault();
  board.addEventListener('pointerdown', press);
  board.addEventListener('dragstart', keepLink);
  return {
    update: (next) => (events = next),
    destroy() {
      end();
      board.removeEventListener('pointerdown', press);
      board.removeEventListener('dragstart', keepLink);
    }
  };
};

function ghostOf(card: HTMLElement): HTMLElement {
  const { left, top, width } = card.getBoundingClientRect();
  const ghost = card.cloneNode(true) as HTMLElement;
  ghost.setAttribute('aria-hidden', 'true');
  ghost.removeAttribute('data-card');
  ghost.classList.add('pointer-events-none', 'z-50', 'list-none', 'shadow-raised');
  Object.assign(ghost.style, { position: 'fixed', left: `${left}px`, top: `${top}px`, width: `${width}px` });
  document.body.classList.add('select-none');
  document.body.append(ghost);
  return ghost;
}

const columnAt = ({ clientX, clientY }: PointerEvent): string | null =>
  document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>('[data-column]')?.dataset.column ?? null;

function scrollAtEdge(board: HTMLElement, x: number) {
  const { left, right } = board.getBoundingClientRect();
  if (x > Math.min(right, innerWidth) - EDGE) board.scrollLeft += 12;
  if (x < Math.max(left, 0) + EDGE) board.scrollLeft -= 12;
}

/** The click that follows a drag belongs to the drag. */
function swallowClick() {
  const swallow = (event: Event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener('click', swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener('click', swallow, { capture: true }), 0);
}
