import axe, { type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

declare global {
  interface Window {
    axe: typeof axe;
  }
}

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds on the page by all its rules, or by the ones named; a line each, empty when it finds nothing. */
export async function axeFindings(page: Page, rules?: string[]): Promise<string[]> {
  // The policy of the page allows no foreign script; what the debugger evaluates is outside of it.
  await page.evaluate(axe.source);
  const runOnly: RunOptions['runOnly'] = rules
    ? { type: 'rule', values: rules }
    : { type: 'tag', values: STANDARDS };
  return page.evaluate(async (which) => {
    const { violations } = await window.axe.run(document, { runOnly: which });
    return violations.map(
      ({ impact, id, nodes }) =>
        `${impact} ${id}: ${nodes
          .slice(0, 3)
          .map(
            ({ html, failureSummary }) => `${html.slice(0, 160)} (${failureSummary?.split('\n')[1]?.trim()})`
          )
          .join(' | ')}`
    );
  }, runOnly);
}

/** By how many pixels the page is wider than its window, and what sticks out; null when nothing does. */
export function overflow(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    const over = document.documentElement.scrollWidth - room;
    if (over <= 0) return null;
    const widest = [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > room + 1)
      .map((element) => element.outerHTML.slice(0, 120));
    return `${over} px: ${widest.slice(-2).join(' | ')}`;
  });
}
