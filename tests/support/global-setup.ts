import type { TestProject } from 'vitest/node';
import { startCluster, type Cluster } from './cluster.ts';
import { startRedis, type Redis } from './redis.ts';

interface Services {
  cluster: Cluster;
  redis: Redis | null;
}

declare module 'vitest' {
  interface ProvidedContext {
    cluster: Pick<Cluster, 'port' | 'superuserUrl' | 'passwords'>;
    /** Null where no redis-server is installed: `describe.skipIf(!inject('redisUrl'))`. */
    redisUrl: string | null;
  }
}

// Every project of a run loads this file anew; the services are shared through the process they all live in.
const shared = globalThis as { rapportServices?: { started: Promise<Services>; users: number } };

/** Starts the services with the first project that needs them; the last one to finish stops them. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const services = (shared.rapportServices ??= { started: startServices(), users: 0 });
  services.users += 1;
  const { cluster, redis } = await services.started;
  const { port, superuserUrl, passwords } = cluster;
  project.provide('cluster', { port, superuserUrl, passwords });
  project.provide('redisUrl', redis?.url ?? null);
  return async () => {
    services.users -= 1;
    if (services.users > 0) return;
    delete shared.rapportServices;
    await Promise.all([cluster.stop(), redis?.stop()]);
  };
}

async function startServices(): Promise<Services> {
  const [cluster, redis] = await Promise.all([startCluster(), startRedis()]);
  return { cluster, redis };
}
