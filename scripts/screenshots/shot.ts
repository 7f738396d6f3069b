import type { Page } from 'playwright-core';

export type Theme = 'light' | 'dark' | 'phone';

export interface Shot {
  name: string;
  /** Whose eyes, as in his address. */
  who: string;
  themes: Theme[];
  /** Leaves the page as it is to be seen. */
  show: (page: Page) => Promise<void>;
}
