import type { Page } from 'playwright-core';
import { beforeAll } from 'vitest';
import { people, PASSWORD } from './demo-app.ts';
import { atDesk } from './office.ts';

/** Two RMs of one team and their head. */
export let kavya: Page;
export let rohan: Page;
export let arjun: Page;
/** The head of the other RMs. */
export let lakshmi: Page;
/** The head of operations, and one of his people. */
export let farah: Page;
export let imran: Page;

/** All of them at their desks: below `useDemoApp`. */
export function useDesks(): void {
  beforeAll(async () => {
    kavya = await atDesk(people, 'Kavya Nair', PASSWORD);
    rohan = await atDesk(people, 'Rohan Desai', PASSWORD);
    arjun = await atDesk(people, 'Arjun Mehta', PASSWORD);
    lakshmi = await atDesk(people, 'Lakshmi Rao', PASSWORD);
    farah = await atDesk(people, 'Farah Khan', PASSWORD);
    imran = await atDesk(people, 'Imran Sheikh', PASSWORD);
  });
}
