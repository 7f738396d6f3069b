import { loadSettings } from '#lib/platform/config.ts';
import { runScript } from './script.ts';
import { runEverything } from './start/run.ts';

runScript(async () => {
  await runEverything({
    before: () => Promise.resolve(),
    env: { NODE_ENV: 'development' },
    parts: (env) => {
      const { host, port } = loadSettings(env);
      const vite = [
        'node_modules/vite/bin/vite.js',
        'dev',
        '--strictPort',
        '--host',
        host,
        '--port',
        String(port)
      ];
      return [
        { name: 'web', args: vite, env, announces: false },
        { name: 'workers', args: ['--watch', 'workers/main.ts'], env, announces: false }
      ];
    }
  });
  process.exit();
});
