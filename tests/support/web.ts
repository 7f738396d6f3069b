import type { AddressInfo } from 'node:net';
import { createServer } from 'vite';

export interface Web {
  origin: string;
  /** Runs in the application's own modules, as the server does when it stops. */
  stop: () => Promise<void>;
}

/** The application on a port of its own, served from source; configured by this process's environment. */
export async function startWeb(): Promise<Web> {
  const server = await createServer({
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    cacheDir: 'node_modules/.vite/tests'
  });
  await server.listen(0);
  const { port } = server.httpServer?.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, stop: () => server.close() };
}
