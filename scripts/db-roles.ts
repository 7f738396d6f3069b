import { parseArgs } from 'node:util';
import { loadSettings } from '#lib/platform/config.ts';
import { rolesSql } from '#lib/platform/db/roles.server.ts';
import { readDotEnv, runScript } from './script.ts';
import { withConnection } from './start/connection.ts';

// Prints the statements that make the roles, with the passwords of the configured addresses, for a superuser
// connected to the database meant for Rapport. With `--apply ADDRESS` it runs them there itself.
runScript(async () => {
  readDotEnv();
  const { apply } = parseArgs({ options: { apply: { type: 'string' } } }).values;
  const statements = statementsFor(process.env);
  if (!apply) {
    process.stdout.write(`${statements}\n`);
    return;
  }
  await withConnection(apply, (sql) => sql.unsafe(statements));
  process.stdout.write('The roles are made\n');
});

function statementsFor(env: NodeJS.ProcessEnv): string {
  // The key has no part in this, so its absence is no reason to refuse.
  const settings = loadSettings({ ...env, RAPPORT_KEY: env.RAPPORT_KEY || '0'.repeat(64) });
  return rolesSql({
    owner: passwordIn(settings.databaseOwnerUrl, 'owner'),
    app: passwordIn(settings.databaseUrl, 'app'),
    system: passwordIn(settings.databaseSystemUrl, 'system'),
    queue: passwordIn(settings.databaseQueueUrl, 'queue')
  });
}

function passwordIn(url: string | null, role: string): string {
  return (url && decodeURIComponent(new URL(url).password)) || `password-of-${role}`;
}
