import { writeFileSync } from 'node:fs';
import { listProcedures, listTables } from './docs/listing.ts';
import { permissionsPage } from './docs/permissions.ts';

/** Writes docs/permissions.md anew. */
const page = permissionsPage(listProcedures(), await listTables());
writeFileSync(new URL('../docs/permissions.md', import.meta.url), page);
