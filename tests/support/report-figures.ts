import type { ReportTable } from '#lib/reports/table.ts';

/** A moment by the wall clock of the firm, in Kolkata. */
export const at = (wall: string) => new Date(`${wall}+05:30`);

/** The figures of a row as plain values. */
export function figures(tables: ReportTable[], table: string, label: string | null) {
  const row = tables.find(({ key }) => key === table)?.rows.find((one) => one.label === label);
  return row && Object.fromEntries(Object.entries(row.figures).map(([key, { value }]) => [key, value]));
}
