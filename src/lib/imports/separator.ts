const SEPARATORS = [',', ';', '\t'] as const;
type Separator = (typeof SEPARATORS)[number];

/**
 * What stands between the columns of a CSV, judged by its first row: the separator under which most of the wanted
 * columns are there, else the one that is there most often. Null when the row holds none outside quotes.
 */
export function separatorOf(opening: string, wanted: readonly string[]): Separator | null {
  const row = opening.replace(/^[\r\n]+/, '');
  const found = SEPARATORS.map((separator) => {
    const columns = columnsOf(row, separator);
    return { separator, columns, known: columns.filter((column) => wanted.includes(column)).length };
  });
  const [best] = found.sort((a, b) => b.known - a.known || b.columns.length - a.columns.length);
  if (!best) return null;
  const several = best.columns.length > 1 || best.known > 0 || row === '';
  return several ? best.separator : null;
}

/** The first row of a file as somebody is shown it. */
export const firstRow = (opening: string): string =>
  opening
    .replace(/^[\r\n]+/, '')
    .split(/[\r\n]/, 1)
    .join('');

function columnsOf(text: string, separator: Separator): string[] {
  const columns = [''];
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) break;
    else if (!quoted && character === separator) columns.push('');
    else columns.push(`${columns.pop() ?? ''}${character}`);
  }
  return columns.map((column) => column.trim().toLowerCase());
}
