// Run before anything else uses the database. Under the supervisor it is a process of its own, so that the
// supervisor stays small, and tells its parent who can sign in; on its own it prints that.
import { getConfig } from '#lib/platform/config.ts';
import { migrate } from '#lib/platform/db/migrate.server.ts';
import { Failure, runScript, step } from './script.ts';
import { withConnection } from './start/connection.ts';
import { problemsWith } from './start/database-check.ts';
import { whoCanSignIn } from './start/announce.ts';
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
  if (process.send) process.send(firm, () => process.exit());
  else process.stdout.write(`${whoCanSignIn(firm)}\n`);
});
