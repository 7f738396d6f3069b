import { loadConfig } from '#lib/platform/config.ts';
import { runScript, Failure } from './script.ts';

// Asks the web process beside us whether it can serve: the health check of its container.
runScript(async () => {
  const { port, addressHeader } = loadConfig(process.env);
  const headers = addressHeader ? { [addressHeader]: '127.0.0.1' } : undefined;
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`, {
    headers,
    signal: AbortSignal.timeout(2_500)
  });
  if (!answer.ok) throw new Failure(`Not ready: ${answer.status} ${await answer.text()}`);
});
