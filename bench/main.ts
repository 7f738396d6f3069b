import { buildWhenChanged } from '../scripts/start/build.ts';
import { runScript, step } from '../scripts/script.ts';
import { startWeb, startWorker, type Memory, type Running } from './application.ts';
import { clientCodeOf } from './client-code.ts';
import { openScratch, type Scratch } from './database.ts';
import { measureDisturbance } from './disturbance.ts';
import { measureEscalation } from './escalation.ts';
import { measureRows } from './measure.ts';
import { optionsOf, type Options } from './options.ts';
import { disturbanceLine, heading, line, verdict, verdicts } from './table.ts';
import { tidy } from './tidy.ts';
import { signInVisitors } from './visitors.ts';

const print = (text: string) => void process.stdout.write(`${text}\n`);

runScript(async () => {
  const options = optionsOf(process.argv.slice(2));
  if (options.build) await buildWhenChanged();
  const scratch = await openScratch(options);
  try {
    await step('Putting the firm back as it was', () => tidy(scratch.sql));
    const failed = await run(options, scratch);
    if (failed) process.exitCode = 1;
  } finally {
    await scratch.stop();
  }
});

async function run(options: Options, { sql, env }: Scratch): Promise<boolean> {
  const web = await startWeb(env);
  const visitors = await signInVisitors(sql);
  let worker: Running | undefined;
  try {
    const atRest = web.memory();
    const administrator = visitors.administrator[0]?.session ?? '';
    for (const path of ['/', '/clients', '/leads?view=board']) {
      const { files, gzip, brotli } = await clientCodeOf(web.origin, administrator, path);
      print(
        `First load of ${path}: ${gzip} kB of script with gzip, ${brotli} kB with brotli, ${files} files (${verdict(gzip < 120, '< 120 kB')})`
      );
    }
    print(`Cold start of web: ${Math.round(web.coldStart)} ms\n\n${heading()}`);
    const rows = await measureRows({ options, env, origin: web.origin, visitors }, (row) => print(line(row)));
    print('');
    if (options.only.includes('escalate')) {
      let workerAtRest: Memory | undefined;
      const escalated = await measureEscalation(
        sql,
        { origin: web.origin, session: administrator },
        async () => {
          worker = await startWorker(env, async () => {
            const [row] = await sql<{ idle: boolean }[]>`
            select exists (select from job_outbox) and not exists (select from job_outbox where finished_at is null and run_at <= now()) as idle`;
            return row?.idle ?? false;
          });
          workerAtRest = worker.memory();
        }
      );
      const perSecond = (rate: number) => Math.round(rate).toLocaleString('en');
      print(
        `Escalate all ${escalated.clocks.toLocaleString('en')} due: ${perSecond(escalated.worker)}/s by a worker asked over HTTP; ${perSecond(escalated.sweep)}/s by the sweep without a queue; ${perSecond(escalated.bare)}/s by the statement alone`
      );
      const disturbances = await measureDisturbance({
        sql,
        env,
        origin: web.origin,
        session: administrator,
        visitors: visitors.executive,
        clocks: 100_000 * options.scale,
        seconds: options.seconds
      });
      for (const disturbance of disturbances) print(disturbanceLine(disturbance));
      if (workerAtRest && worker) printMemory('worker', workerAtRest, worker.memory(), 200);
    }
    printMemory('web', atRest, web.memory(), 300);
    return rows.some((row) => verdicts(row).some((text) => text.startsWith('FAILED')));
  } finally {
    await Promise.all([web.stop(), worker?.stop()]);
  }
}

function printMemory(name: string, rest: Memory, after: Memory, most: number): void {
  print(
    `Memory of ${name}: ${rest.rss} MB at rest (${rest.pss} proportional), ${after.rss} MB after the run (${after.pss}); ${verdict(Math.max(rest.rss, after.rss) < most, `< ${most} MB`)}`
  );
}
