import { runVitest } from './checks/vitest.ts';
import { runScript } from './script.ts';

// The drills run in `npm test` too, shorter; here at their full length.
runScript(async () => {
  const selection = process.argv.length > 2 ? process.argv.slice(2) : ['drill', 'supervisor'];
  const { passed, failed, skipped } = await runVitest(selection, { RAPPORT_DRILL: 'full' });
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  if (failed > 0) process.exitCode = 1;
});
