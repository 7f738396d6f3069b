import { existsSync } from 'node:fs';
import type { IncomingMessage, RequestListener } from 'node:http';
import { loadConfig, type Config } from '#lib/platform/config.ts';
import { Failure, readDotEnv, runScript } from './script.ts';
import { serve } from './start/serve.ts';

const GRACE_FOR_REQUESTS = 6_000;
const PROTOCOL_HEADER = 'x-rapport-protocol';

runScript(async () => {
  readDotEnv();
  const config = loadConfig(process.env);
  const build = new URL('../build/handler.js', import.meta.url);
  if (!existsSync(build)) throw new Failure('The application is not built yet: run `npm run build`');
  Object.assign(process.env, adapterEnvironment(config));
  const { handler } = (await import(build.href)) as { handler: RequestListener };
  const listener: RequestListener = (request, response) => {
    setProtocol(request);
    handler(request, response);
  };
  const serving = await serve(listener, config.host, config.port);
  const stop = () => void serving.stop(GRACE_FOR_REQUESTS).then(() => process.exit());
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  process.send?.('ready');
});

// SvelteKit's adapter is configured by environment variables only.
function adapterEnvironment({ publicUrl, addressHeader }: Config): Record<string, string> {
  const environment: Record<string, string> = { NODE_ENV: 'production', BODY_SIZE_LIMIT: '1M' };
  if (addressHeader) environment.ADDRESS_HEADER = addressHeader.toLowerCase();
  const origin = publicUrl ? { ORIGIN: publicUrl.origin } : { PROTOCOL_HEADER, HOST_HEADER: 'host' };
  return Object.assign(environment, origin);
}

// Without a public address we are reached by plain http, under whatever name the browser used.
function setProtocol(request: IncomingMessage): void {
  request.headers[PROTOCOL_HEADER] = 'http';
}
