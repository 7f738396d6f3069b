import { globSync } from 'node:fs';
import { dirname } from 'node:path';

const ROOT = 'src/routes/(app)';

/** Every page behind the sign-in as the route tree has it: `/leads/[id=id]/edit`, in alphabetical order. */
export function pageRoutes(): string[] {
  return globSync('**/+page.svelte', { cwd: ROOT })
    .map((file) => dirname(file))
    .map((folder) => (folder === '.' ? '/' : `/${folder.replaceAll('\\', '/')}`))
    .toSorted();
}
