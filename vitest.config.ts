import { defineConfig } from 'vitest/config';

const services = 'tests/support/global-setup.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: { name: 'unit', sequence: { groupOrder: 1 }, include: ['tests/unit/**/*.test.ts'] }
      },
      {
        extends: true,
        test: {
          name: 'integration',
          sequence: { groupOrder: 2 },
          include: ['tests/integration/**/*.test.ts'],
          globalSetup: services,
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000
        }
      },
      {
        extends: true,
        test: {
          name: 'authorization',
          sequence: { groupOrder: 3 },
          include: ['tests/authorization/**/*.test.ts'],
          globalSetup: services,
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000
        }
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          sequence: { groupOrder: 4 },
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: services,
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 300_000,
          // As patient as the browsers are: what it waits for goes through workers and streams.
          expect: { poll: { timeout: 40_000 } }
        }
      }
    ]
  }
});
