import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: ['./src/lib/*/*schema.server.ts', './src/lib/platform/*/schema.server.ts'],
  out: './drizzle',
  casing: 'snake_case',
  entities: { roles: false }
});
