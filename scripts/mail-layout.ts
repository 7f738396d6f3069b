import { writeFileSync } from 'node:fs';
import { compileMailLayout, MAIL_LAYOUT } from './docs/mail-layout.ts';

/** Compiles the layout of mail anew. */
writeFileSync(MAIL_LAYOUT, await compileMailLayout());
