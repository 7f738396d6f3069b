import { setFlagsFromString } from 'node:v8';

// Loading modules leaves 200 MB of garbage in a nursery that is let grow; it has to be said before they are loaded.
setFlagsFromString('--semi-space-growth-factor=1');
const { runWorkers } = await import('./composition.ts');
await runWorkers();
