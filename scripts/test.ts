import { constants } from 'node:os';
import { beginChecks } from './checks/checks.ts';
import { provideServices } from './checks/provide.ts';
import { runVitest } from './checks/vitest.ts';
import { runScript } from './script.ts';
import { buildWhenChanged } from './start/build.ts';

// With arguments, only the tests they select: `npm test -- tests/unit`.
runScript(async () => {
  const selection = process.argv.slice(2);
  provideServices();
  // What takes longest takes what the tests leave idle.
  const begun = selection.length > 0 ? null : await beginChecks(constants.priority.PRIORITY_LOW);
  const checks = begun?.results ?? [];
  checks.push({ name: 'build', passed: await builds() });
  const tests = await runVitest(selection);
  if (begun) checks.push(await begun.rest);
  const passed = tests.passed + checks.filter((check) => check.passed).length;
  const failed = tests.failed + checks.filter((check) => !check.passed).length;
  process.stdout.write(`${passed} passed, ${failed} failed, ${tests.skipped} skipped\n`, () =>
    process.exit(failed > 0 ? 1 : 0)
  );
});

async function builds(): Promise<boolean> {
  try {
    await buildWhenChanged();
    return true;
  } catch (error) {
    process.stdout.write(`✗ build\n${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  }
}
