import { runScript } from './script.ts';
import { buildWhenChanged } from './start/build.ts';
import { WEB_MEMORY } from './start/memory.ts';
import { runEverything } from './start/run.ts';

// The terminal belongs to the announcement: the processes log what needs attention, unless told to log more.
runScript(async () => {
  await runEverything({
    before: buildWhenChanged,
    env: { NODE_ENV: 'production', LOG_LEVEL: 'warn' },
    parts: (env) => [
      { name: 'web', args: [...WEB_MEMORY, 'scripts/web.ts'], env, announces: true },
      { name: 'workers', args: ['workers/main.ts'], env, announces: false }
    ]
  });
  process.exit();
});
