/** Told while an import works: what it is doing, and how many of how many are done. */
export type Progress = (stage: string, done: number, total: number) => void;

interface Terminal {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

const WIDTH = 24;
const CLEAR = '\r\u001b[K';

/** A bar on a terminal, a plain line for each finished stage elsewhere. `clear` wipes an unfinished bar. */
export function progressOn(stream: Terminal): { progress: Progress; clear: () => void } {
  let open = false;
  const clear = () => {
    if (open) stream.write(CLEAR);
    open = false;
  };
  const progress: Progress = (stage, done, total) => {
    if (stream.isTTY) {
      open = true;
      // Some terminals say that they have no columns.
      stream.write(`${CLEAR}${bar(stage, done, total).slice(0, (stream.columns || 80) - 1)}`);
    }
    if (done < total) return;
    clear();
    stream.write(`${stage}: ${total.toLocaleString('en')}\n`);
  };
  return { progress, clear };
}

function bar(stage: string, done: number, total: number): string {
  const filled = total === 0 ? WIDTH : Math.floor((done / total) * WIDTH);
  const counts = `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
  return `${stage} [${'█'.repeat(filled)}${'·'.repeat(WIDTH - filled)}] ${counts}`;
}
