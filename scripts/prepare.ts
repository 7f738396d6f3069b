// Started by the supervisor before anything else uses the database; a process of its own, so that the supervisor
// stays small. Tells its parent who can sign in.
import { getConfig } from '#lib/platform/config.ts';
import { migrate } from '#lib/platform/db/migrate.server.ts';
import { Failure, runScript, step } from './script.ts';
import { withConnection } from './start/connection.ts';
import { problemsWith } from './start/database-check.ts';
import { settleFirm } from './start/firm.ts';

runScript(async () => {
  const config = getConfig();
  const { databaseOwnerUrl } = config;
  if (databaseOwnerUrl) {
    await withConnection(databaseOwnerUrl, () => Promise.resolve());
    await step('Migrating the database', () => migrate(databaseOwnerUrl));
  }
  const problems = await problemsWith(config);
  if (problems.length > 0) throw new Failure(`The database is not ready. ${problems.join('. ')}.`);
  const firm = await step('Looking after the firm', () => settleFirm(config));
  process.send?.(firm, () => process.exit());
});
