export interface BoardColumn {
  key: string;
  label: string;
  /** All that are in it, also those that are not shown. */
  count: number;
  /** Shown beside the count, such as an amount. */
  total?: string;
  /** Address of the list behind it. */
  more?: string;
}

export interface BoardItem {
  id: number;
  /** Key of the column it is in. */
  column: string;
}

/** Where cards were dropped that the server has not confirmed yet: column by id. */
export type Moved = ReadonlyMap<number, string>;

/** The items of a column; one that was just dropped there comes first. */
export function itemsIn<Item extends BoardItem>(items: readonly Item[], key: string, moved: Moved): Item[] {
  const arrived = items.filter(({ id, column }) => column !== key && moved.get(id) === key);
  const stayed = items.filter(({ id, column }) => column === key && (moved.get(id) ?? key) === key);
  return [...arrived, ...stayed];
}

/** How many a column holds once what was dropped is counted where it is shown. */
export function countIn(column: BoardColumn, items: readonly BoardItem[], moved: Moved): number {
  const gone = items.filter((item) => item.column === column.key && moved.has(item.id));
  const come = items.filter((item) => moved.get(item.id) === column.key);
  return column.count - gone.length + come.length;
}

/** The next column that takes the card, to the right (1) or left (-1); the same one where there is none. */
export function nextTarget(
  keys: readonly string[],
  from: string,
  step: 1 | -1,
  takes: (key: string) => boolean
) {
  const ahead = keys.slice(keys.indexOf(from) + 1);
  const behind = keys.slice(0, keys.indexOf(from)).reverse();
  return (step === 1 ? ahead : behind).find(takes) ?? from;
}

/** What is read out while a card is moved. */
export const said = {
  how: 'Press Space to pick the card up, the left and right arrows to choose a column, Space to drop it, Escape to put it back.',
  pickedUp: (name: string, column: BoardColumn) => `${name} is picked up from ${column.label}`,
  over: (column: BoardColumn) => `Over ${column.label}, which holds ${column.count}`,
  dropped: (name: string, column: BoardColumn) => `${name} is dropped on ${column.label}`,
  fixed: (name: string) => `${name} cannot be moved by you`,
  stays: (name: string, column: BoardColumn) => `${name} stays in ${column.label}`
};
