import { Temporal } from 'temporal-polyfill';
import { asSystem } from '#lib/platform/db/transactions.server.ts';
import { reach } from '#lib/platform/jobs/points.ts';
import type { Occasion } from '#lib/platform/jobs/schedules.server.ts';
import { snapshotPipeline } from '#lib/reports/commands.server.ts';

/** Shortly after midnight: the report is of the day that ended. */
export async function reportPipeline({ localDate }: Occasion): Promise<string> {
  const day = Temporal.PlainDate.from(localDate).subtract({ days: 1 }).toString();
  const rows = await asSystem(async (tx) => {
    const written = await snapshotPipeline(tx, day);
    reach('report written');
    return written;
  });
  reach('report committed');
  return rows === 0 ? `${day} was written already` : `${rows} rows for ${day}`;
}
