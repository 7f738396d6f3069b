import { loadSettings, siteAddress, type Settings } from '#lib/platform/config.ts';
import { Failure, readDotEnv } from '../script.ts';
import { announcement } from './announce.ts';
import { openDatabase, type RunningDatabase } from './database.ts';
import { portFor } from './port.ts';
import { prepareInAnotherProcess } from './prepare.ts';
import { supervise, type Part, type Supervised } from './supervisor.ts';

const GRACE_FOR_PARTS = 7_500;

interface Run {
  /** What has to happen before the database is opened. */
  before: (signal: AbortSignal) => Promise<void>;
  parts: (env: NodeJS.ProcessEnv) => Part[];
  env: NodeJS.ProcessEnv;
}

/** Brings up the database and the parts, announces them, and takes them down again on Ctrl-C: the database last. */
export async function runEverything({ before, parts, env }: Run): Promise<void> {
  readDotEnv();
  const wanted = loadSettings(process.env);
  const settings: Settings = { ...wanted, port: await portFor(wanted) };
  const stopping = stopSignal();
  let database: RunningDatabase | undefined;
  let supervised: Supervised | undefined;
  try {
    await before(stopping);
    database = await openDatabase(settings);
    stopping.throwIfAborted();
    const environment = {
      ...process.env,
      ...env,
      ...database.env,
      PORT: String(settings.port),
      LOG_LEVEL: process.env.LOG_LEVEL || env.LOG_LEVEL
    };
    const firm = await prepareInAnotherProcess(environment, stopping);
    supervised = supervise(parts(environment));
    const failure = database.ended.then(() =>
      Promise.reject(new Failure('PostgreSQL has ended, and with it Rapport'))
    );
    const stopped = aborted(stopping);
    await Promise.race([supervised.ready, failure, stopped]);
    if (!stopping.aborted) process.stdout.write(`${announcement(siteAddress(settings), firm)}\n`);
    await Promise.race([failure, stopped]);
  } catch (error) {
    if (!stopping.aborted) throw error;
  } finally {
    if (stopping.aborted) process.stdout.write('\nStopping …\n');
    await supervised?.stop(GRACE_FOR_PARTS);
    await database?.stop();
  }
}

/** Aborted by Ctrl-C, by a service manager, or when the terminal goes away. Further signals change nothing. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((done) => signal.addEventListener('abort', () => done(), { once: true }));
}
