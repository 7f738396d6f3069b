import { expect } from 'vitest';
import type { Locator, Page } from 'playwright-core';

/** More stops than any page has. */
const MOST_STOPS = 150;

export interface Keys {
  page: Page;
  /** Presses Tab until the focus is on it; fails where Tab does not lead there. */
  to: (target: Locator) => Promise<void>;
  /** Tabs to it and presses Enter, as on a link or a button. */
  enter: (target: Locator) => Promise<void>;
  /** Tabs to the field and types, over what stands in it. */
  type: (field: Locator, text: string) => Promise<void>;
  /** Tabs to a select and types until it shows that choice. */
  pick: (select: Locator, label: string) => Promise<void>;
  /** Tabs to a typeahead, types, and takes the answer that is marked. */
  choose: (box: Locator, text: string) => Promise<void>;
  press: (...keys: string[]) => Promise<void>;
}

/** Hands that have no mouse. */
export function keysOf(page: Page): Keys {
  const isFocused = (target: Locator) =>
    target.evaluate((element) => element === document.activeElement).catch(() => false);
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const to = async (target: Locator) => {
    await target.first().waitFor();
    // A dialog that has just opened takes the focus by itself.
    await page.waitForFunction(() => {
      const dialog = document.querySelector('[role=dialog]');
      return !dialog || dialog.contains(document.activeElement);
    });
    for (let stop = 0; stop < MOST_STOPS; stop++) {
      if (await isFocused(target.first())) return;
      await press('Tab');
    }
    const at = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120));
    throw new Error(`Tab never came to ${String(target)}; the focus is on ${at}`);
  };
  return {
    page,
    to,
    press,
    enter: async (target) => {
      await to(target);
      await press('Enter');
    },
    type: async (field, text) => {
      await to(field);
      await press('Control+A');
      await page.keyboard.type(text);
    },
    pick: async (select, label) => {
      await to(select);
      await page.keyboard.type(label);
      const shown = () =>
        select.evaluate((element) => (element as HTMLSelectElement).selectedOptions[0]?.label.trim());
      await expect.poll(shown).toBe(label);
    },
    choose: async (box, text) => {
      await to(box);
      await press('Control+A');
      await page.keyboard.type(text);
      await page.locator('[role=option][data-highlighted]').filter({ hasText: text }).waitFor();
      await press('Enter');
      await page.locator('[role=option]').first().waitFor({ state: 'detached' });
    }
  };
}
