import { readFileSync } from 'node:fs';
import mjml2html from 'mjml';
import { format, resolveConfig } from 'prettier';

const folder = new URL('../../src/lib/platform/mail/', import.meta.url);
const SOURCE = new URL('layout.mjml', folder);

/** Where the compiled layout is kept. */
export const MAIL_LAYOUT = new URL('compiled-layout.ts', folder);

const BLOCK = /\[\[begin (\w+)\]\]([^]*?)\[\[end \1\]\]/g;

/**
 * The module that `layout.mjml` stands for: its parts as HTML, by name. Compiled once and kept, since MJML takes 0.7
 * seconds and 100 MB to load, and mail is written in transactions.
 */
export async function compileMailLayout(): Promise<string> {
  const options = { validationLevel: 'strict', keepComments: false, fonts: {} } as const;
  const { html, errors } = await mjml2html(readFileSync(SOURCE, 'utf8'), options);
  if (errors.length > 0) throw new Error(errors.map((error) => error.formattedMessage).join('\n'));
  const parts: Record<string, string> = {};
  const page = html.replace(BLOCK, (_whole, name: string, part: string) => {
    parts[name] = tight(part);
    return '';
  });
  const source = `/** Written by scripts/mail-layout.ts from layout.mjml. */
export const PARTS = ${JSON.stringify({ page: tight(page), ...parts })} as const;`;
  return format(source, { ...(await resolveConfig(SOURCE)), parser: 'typescript' });
}

/** Mail clients cut off what is long, so nothing is sent that only makes the source pretty. */
const tight = (html: string) =>
  html
    .replace(/\s*\n\s*/g, '\n')
    .replace(/>\n</g, '><')
    .replace(/\n/g, ' ')
    .trim();
