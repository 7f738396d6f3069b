import { loadSettings } from '#lib/platform/config.ts';
import { rolesSql } from '#lib/platform/db/roles.server.ts';
import { readDotEnv, runScript } from './script.ts';

// Prints the statements that make the roles, with the passwords of the configured addresses. To be run as a
// superuser connected to the database meant for Rapport.
runScript(() => {
  readDotEnv();
  // The key has no part in this, so its absence is no reason to refuse.
  const settings = loadSettings({ ...process.env, RAPPORT_KEY: process.env.RAPPORT_KEY || '0'.repeat(64) });
  const statements = rolesSql({
    owner: passwordIn(settings.databaseOwnerUrl, 'owner'),
    app: passwordIn(settings.databaseUrl, 'app'),
    system: passwordIn(settings.databaseSystemUrl, 'system'),
    queue: passwordIn(settings.databaseQueueUrl, 'queue')
  });
  process.stdout.write(`${statements}\n`);
});

function passwordIn(url: string | null, role: string): string {
  return (url && decodeURIComponent(new URL(url).password)) || `password-of-${role}`;
}
