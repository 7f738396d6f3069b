import { FIRM_TABLES } from './firm-tables.ts';
import { RECORD_TABLES } from './record-tables.ts';

/** Every table under row level security but those of the gate. */
export const TABLES = { ...RECORD_TABLES, ...FIRM_TABLES };
