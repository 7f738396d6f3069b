import { importSales, importSchemes } from '#lib/imports/commands.server.ts';
import { writeInvitations } from '#lib/imports/invitations.server.ts';
import { progressOn } from '#lib/imports/progress.ts';
import { reportLines, type ImportReport } from '#lib/imports/report.ts';
import { loadSettings, siteAddress } from '#lib/platform/config.ts';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { DomainError } from '#lib/platform/errors.ts';
import { readArguments, USAGE, type Wanted } from './arguments.ts';
import { withDatabase } from './database.ts';
import { Failure, readDotEnv, runScript } from '../script.ts';

type Options = Parameters<typeof importSales>[1];

/** What can be imported, and from what. */
const KINDS: Record<string, (source: string, options: Options) => Promise<ImportReport>> = {
  sales: importSales,
  schemes: importSchemes
};

const GRACE_MS = 5_000;

runScript(async () => {
  readDotEnv();
  const wanted = readArguments(process.argv.slice(2), Object.keys(KINDS));
  if (!wanted) return void process.stdout.write(`${USAGE}\n`);
  const { progress, clear } = progressOn(process.stdout);
  const stopping = stopSignal(clear);
  try {
    await run(wanted, { progress, signal: stopping });
  } catch (error) {
    clear();
    if (!stopping.aborted) throw error instanceof DomainError ? new Failure(error.message) : error;
    process.exitCode = 130;
    process.stderr.write('Stopped: nothing was changed\n', () => process.exit());
  }
});

async function run(wanted: Wanted, { progress, signal }: Pick<Options, 'progress' | 'signal'>) {
  const settings = loadSettings(process.env);
  const { kind, source, invitations, ...options } = wanted;
  await withDatabase(settings, async () => {
    try {
      signal.throwIfAborted();
      const report = await KINDS[kind]?.(source, {
        ...options,
        adminEmail: settings.adminEmail,
        inviteTo: invitations ? siteAddress(settings) : null,
        progress,
        signal
      });
      if (!report) return;
      if (invitations) writeInvitations(invitations, report.invited);
      process.stdout.write(`${reportLines(report).join('\n')}\n`);
    } finally {
      await closeDatabase();
    }
  });
}

/** Aborted by Ctrl-C; whatever still hangs after a while is cut off, which undoes it just as well. */
function stopSignal(clear: () => void): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) return;
    clear();
    process.stderr.write('Stopping …\n');
    controller.abort();
    setTimeout(() => process.exit(130), GRACE_MS).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return controller.signal;
}
