import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromiumPath } from '../../tests/support/chromium.ts';
import { programNamed } from '../../tests/support/redis.ts';

const NEEDED = [
  {
    package: 'redis-server',
    found: () => programNamed('redis-server') !== null,
    without: 'the tests on Redis'
  },
  { package: 'chromium', found: () => chromiumPath() !== null, without: 'the browser tests' }
];

/** Installs what the tests can use and the system lacks, where that is ours to do; says what is skipped otherwise. */
export function provideServices(): void {
  const missing = NEEDED.filter((service) => !service.found());
  if (missing.length > 0 && mayInstall()) install(missing.map((service) => service.package));
  for (const service of missing.filter(({ found }) => !found())) {
    process.stdout.write(`${service.package} is not installed: ${service.without} will be skipped\n`);
  }
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && programNamed('apt-get') !== null;
}

function install(packages: string[]): void {
  process.stdout.write(`Installing ${packages.join(' and ')} …\n`);
  // Package lists may be missing or too old; fetching them takes a while, so only then.
  if (!aptGet('install', '-y', '--no-install-recommends', ...packages)) {
    aptGet('update');
    aptGet('install', '-y', '--no-install-recommends', ...packages);
  }
}

function aptGet(...args: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', ['-q', ...args], { env, stdio: 'ignore' }).status === 0;
}
