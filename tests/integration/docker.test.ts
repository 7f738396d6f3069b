import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { VARIABLE_NAMES } from '#lib/platform/config.ts';

interface Service {
  image?: string;
  command?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: object;
  build?: string;
}

const text = readFileSync('docker-compose.yml', 'utf8');
const compose = parse(text, { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, null>;
};
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.build);
const known: string[] = [...VARIABLE_NAMES, 'NODE_ENV'];

const dockerfile = readFileSync('Dockerfile', 'utf8').replaceAll('\\\n', ' ').split('\n');
const instructions = (name: string) =>
  dockerfile
    .map((line) => line.trim())
    .filter((line) => line.startsWith(`${name} `))
    .map((line) => line.slice(name.length + 1));

/** Checks a command of exec form: a file given to node, or a script given to `npm run`. */
function expectToExist(command: string[]): void {
  const [program, first = '', ...rest] = command;
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const file = [first, ...rest].find((word) => !word.startsWith('-')) ?? '';
  if (program === 'node') expect(existsSync(file), `${file} exists`).toBe(true);
  else if (program === 'npm' && first === 'run')
    expect(Object.keys(scripts)).toContain(rest.find((word) => !word.startsWith('-')));
  else expect.fail(`${program} is neither node nor npm run`);
}

describe('docker-compose.yml', () => {
  it('starts PostgreSQL, Redis, web, workers and a mail catcher', () => {
    expect(services.map(([name]) => name)).toEqual(
      expect.arrayContaining(['postgres', 'redis', 'web', 'workers', 'mail'])
    );
  });

  it.each(ours)('gives %s a command that exists', (_name, service) => {
    expectToExist(service.command ?? []);
  });

  it.each(ours)('gives %s only variables that Rapport reads', (_name, service) => {
    expect(known).toEqual(expect.arrayContaining(Object.keys(service.environment ?? {})));
  });

  it('lets migrations alone have the owner’s address', () => {
    const withOwner = ours
      .filter(([, service]) => service.environment?.DATABASE_OWNER_URL)
      .map(([name]) => name);
    expect(withOwner).toEqual(['roles', 'prepare']);
  });

  it('explains every variable it wants from its own environment', () => {
    const wanted = [...text.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name ?? '');
    const explained = [...text.matchAll(/^# {3}([A-Z_]+)/gm)].map(([, name]) => name ?? '');
    expect([...known, ...explained]).toEqual(expect.arrayContaining(wanted));
  });

  it('waits only for services it has, and for health only where it is checked', () => {
    const image = dockerfile.some((line) => line.startsWith('HEALTHCHECK'));
    for (const [, service] of services) {
      for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
        const target = compose.services[name];
        expect(target, `the service ${name}`).toBeDefined();
        if (condition === 'service_healthy')
          expect(target?.healthcheck ?? (target?.build && image)).toBeTruthy();
      }
    }
  });

  it('shares one volume for what Rapport keeps on disk, and declares every volume', () => {
    const mounted = services
      .flatMap(([, service]) => service.volumes ?? [])
      .map((volume) => volume.split(':')[0] ?? '');
    expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(mounted));
    for (const [, service] of ours) expect(service.volumes).toEqual(['rapport:/data']);
  });
});

describe('Dockerfile', () => {
  it('copies only what exists, or what an earlier stage made', () => {
    const sources = instructions('COPY')
      .filter((copy) => !copy.startsWith('--from'))
      .flatMap((copy) => copy.split(' ').slice(0, -1));
    for (const source of sources) expect(existsSync(source), `${source} exists`).toBe(true);
  });

  it('runs commands that exist', () => {
    for (const line of dockerfile) {
      const [, list] = /^\s*(?:HEALTHCHECK.*)?CMD (\[.*\])$/.exec(line) ?? [];
      if (list) expectToExist(JSON.parse(list) as string[]);
    }
    for (const [, script] of dockerfile.join('\n').matchAll(/^RUN npm run (\S+)/gm))
      expectToExist(['npm', 'run', script ?? '']);
  });

  it('sets only variables that Rapport reads', () => {
    const names = instructions('ENV').flatMap((line) =>
      [...line.matchAll(/([A-Z_]+)=/g)].map(([, name]) => name ?? '')
    );
    expect(known).toEqual(expect.arrayContaining(names));
  });

  it('does not run as root and knows its own health', () => {
    expect(instructions('USER')).toEqual(['node']);
    expect(dockerfile.some((line) => line.startsWith('HEALTHCHECK'))).toBe(true);
  });
});
