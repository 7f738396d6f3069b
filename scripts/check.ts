import { runScript } from './script.ts';
import { runChecks } from './checks/checks.ts';

runScript(async () => {
  const failed = (await runChecks()).filter((result) => !result.passed);
  if (failed.length > 0) process.exitCode = 1;
});
