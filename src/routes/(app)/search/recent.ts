/**
 * The records somebody looked at last, in this tab: nothing of it outlives the tab, and whoever else signs in here
 * finds nothing.
 */
const KEY = 'rapport-recent';
const MOST = 8;
const RECORD = /^\/\(app\)\/(clients|leads|queries|requests|catalogue)\/\[id=id\]$/;

export interface Recent {
  href: string;
  title: string;
}

interface Kept {
  userId: number;
  items: Recent[];
}

/** Newest first. */
export function recentRecords(userId: number): Recent[] {
  const text = sessionStorage.getItem(KEY);
  const kept = text ? (JSON.parse(text) as Kept) : null;
  return kept?.userId === userId ? kept.items : [];
}

/** Notes the page that is shown, where it is a record's own. */
export function rememberRecord(userId: number, routeId: string | null, href: string): void {
  const title = document.querySelector('main h1')?.textContent.trim();
  if (!routeId || !RECORD.test(routeId) || !title) return;
  const others = recentRecords(userId).filter((item) => item.href !== href);
  const items = [{ href, title }, ...others].slice(0, MOST);
  sessionStorage.setItem(KEY, JSON.stringify({ userId, items } satisfies Kept));
}
