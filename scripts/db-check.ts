import { loadConfig, loadSettings } from '#lib/platform/config.ts';
import { Failure, readDotEnv, runScript } from './script.ts';
import { openDatabase } from './start/database.ts';
import { problemsWith } from './start/database-check.ts';

// Roles, grants, pending migrations and the key: says what is missing, one line each.
runScript(async () => {
  readDotEnv();
  const database = await openDatabase(loadSettings(process.env));
  try {
    const config = loadConfig({ ...process.env, ...database.env });
    const problems = await problemsWith(config);
    if (problems.length > 0) throw new Failure(problems.join('\n'));
    process.stdout.write('The database is ready: roles, grants, migrations and key are as they should be\n');
  } finally {
    await database.stop();
  }
});
