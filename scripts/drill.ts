import { runVitest } from './checks/vitest.ts';
import { runScript } from './script.ts';

/** What is at full size with `RAPPORT_DRILL=full`, by a part of the file's name. */
const DRILLS = [
  'drill',
  'supervisor',
  'leases',
  'clocks-property',
  'clocks-plan-property',
  'escalation-scale',
  'reports-history',
  'reports-add-up'
];

// They run in `npm test` too, shorter.
runScript(async () => {
  const selection = process.argv.length > 2 ? process.argv.slice(2) : DRILLS;
  const { passed, failed, skipped } = await runVitest(selection, { RAPPORT_DRILL: 'full' });
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  if (failed > 0) process.exitCode = 1;
});
