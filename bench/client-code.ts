import { brotliCompressSync, gzipSync } from 'node:zlib';
import { SESSION_COOKIE } from '#lib/platform/auth/model.ts';

/** Script that a page asks for at once, in kB. */
export interface ClientCode {
  path: string;
  files: number;
  gzip: number;
  brotli: number;
}

/** Everything that the page preloads or imports when it starts; what comes later on demand is not counted. */
export async function clientCodeOf(origin: string, session: string, path: string): Promise<ClientCode> {
  const get = async (url: string) => {
    const headers = { cookie: `${SESSION_COOKIE}=${session}` };
    const answer = await fetch(url, { headers, redirect: 'manual' });
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`);
    return { text: await answer.text(), links: answer.headers.get('link') ?? '' };
  };
  const { text: page, links } = await get(`${origin}${path}`);
  const scripts = new Set<string>();
  const waiting = [...`${links}${page}`.matchAll(/["'(<]([./\w-]*_app\/immutable\/[\w./-]+\.js)/g)].map(
    ([, file]) => new URL(file ?? '', `${origin}${path}`).href
  );
  const texts: string[] = [inlineScripts(page)];
  for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
    if (scripts.has(url)) continue;
    scripts.add(url);
    const { text } = await get(url);
    texts.push(text);
    waiting.push(...staticImports(text).map((file) => new URL(file, url).href));
  }
  const kilobytes = (size: (text: string) => number) =>
    Math.round(texts.reduce((sum, text) => sum + size(text), 0) / 100) / 10;
  return {
    path,
    files: scripts.size,
    gzip: kilobytes((text) => gzipSync(text).length),
    brotli: kilobytes((text) => brotliCompressSync(text).length)
  };
}

const inlineScripts = (page: string) =>
  [...page.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, text]) => text ?? '').join('\n');

/** `import … from "./x.js"`, `import "./x.js"` and re-exports, but not `import("./x.js")`. */
const staticImports = (text: string) =>
  [...text.matchAll(/(?:from|import|export\s*\*\s*from)\s*["'](\.{1,2}\/[^"']+\.js)["']/g)].map(
    ([, file]) => file ?? ''
  );
