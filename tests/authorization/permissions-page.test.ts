import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { listProcedures, listTables } from '../../scripts/docs/listing.ts';
import { permissionsPage } from '../../scripts/docs/permissions.ts';

it('docs/permissions.md is what the code says: npm run docs:permissions writes it', async () => {
  const page = permissionsPage(listProcedures(), await listTables());
  expect(readFileSync(new URL('../../docs/permissions.md', import.meta.url), 'utf8')).toBe(page);
});
