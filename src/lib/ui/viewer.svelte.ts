import { page } from '$app/state';
import { createSubscriber } from 'svelte/reactivity';
import { defaultLocale, formatsFor, type Formats, type Locale } from './format.ts';

const MINUTE = 60_000;

const ticking = createSubscriber((update) => {
  const timer = setInterval(update, MINUTE / 2);
  return () => clearInterval(timer);
});

/** Milliseconds now; what reads it in a template or a derived is renewed twice a minute. */
export function now(): number {
  ticking();
  return Date.now();
}

const firm = (): Locale => (page.data as { firm?: Locale }).firm ?? defaultLocale;

function viewer(): Locale {
  const data = page.data as { me?: { timeZone?: string | null } };
  const { locale, currency, timeZone } = firm();
  return { locale, currency, timeZone: data.me?.timeZone ?? timeZone };
}

/** The formats of the firm of the signed-in viewer, in the viewer's zone. Call it where a derived can see it. */
export function formats(): Formats {
  return formatsFor(viewer());
}

/** The zone in which the viewer reads and types times. */
export function viewerZone(): string {
  return viewer().timeZone;
}

/** The date it is at the firm, by which its dates are today or overdue: `2026-11-21`. */
export const firmToday = (): string => firmDay(now());

/** The firm's date of a moment. */
export function firmDay(moment: Date | number): string {
  const { locale, currency, timeZone } = firm();
  return formatsFor({ locale, currency, timeZone }).isoDay(moment);
}
