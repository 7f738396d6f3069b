import { withParams } from '#lib/ui/url.ts';

interface WorkColumn<Status extends string> {
  status: Status;
  count: number;
  /** There are more than are shown. */
  more: boolean;
}

/** The columns of a board of queries or requests; each leads to its list with the filters of the address. */
export function workColumns<Status extends string>(
  columns: readonly WorkColumn<Status>[],
  labels: Record<Status, string>,
  url: URL
) {
  return columns.map(({ status, count, more }) => ({
    key: status,
    label: labels[status],
    count,
    total: more ? 'and more' : undefined,
    more: withParams(url, { view: null, status })
  }));
}
