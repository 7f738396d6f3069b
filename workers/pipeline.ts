import { Temporal } from 'temporal-polyfill';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import type { Occasion } from '#lib/platform/jobs/schedules.server.ts';
import { snapshotPipeline } from '#lib/reports/commands.server.ts';

/** Shortly after midnight: the report is of the day that ended. */
export async function reportPipeline({ localDate }: Occasion): Promise<string> {
  const day = Temporal.PlainDate.from(localDate).subtract({ days: 1 }).toString();
  const rows = await asSystem((tx) => snapshotPipeline(tx, day));
  return rows === 0 ? `${day} was written already` : `${rows} rows for ${day}`;
}
