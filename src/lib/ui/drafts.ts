import { typedValues, type Typed } from './typed-values.ts';

/**
 * What somebody was typing when his session ended, kept in this tab until he signs in again and is shown the form:
 * for the same person and page only, never passwords. Whoever else signs in finds nothing.
 */
const KEY = 'rapport-draft';

interface Draft {
  userId: number;
  /** Path and query of the page the form stands on. */
  page: string;
  /** The form's action, which tells the forms of a page apart. */
  action: string;
  values: Typed;
}

const pageHere = () => location.pathname + location.search;

/** What is in the form, but for passwords and files. */
function valuesOf(form: HTMLFormElement): Typed {
  const secret = new Set(
    [...form.querySelectorAll<HTMLInputElement>('[type=password]')].map(({ name }) => name)
  );
  return typedValues(new FormData(form), (name) => !secret.has(name));
}

let kept = false;

/** Whether the page is being left with its form kept, so that nobody need ask about unsaved work. */
export const isKept = () => kept;

/** Keeps what the form holds. */
export function keepDraft(form: HTMLFormElement, userId: number): void {
  const draft: Draft = {
    userId,
    page: pageHere(),
    action: form.getAttribute('action') ?? '',
    values: valuesOf(form)
  };
  sessionStorage.setItem(KEY, JSON.stringify(draft));
  kept = true;
}

/** What was kept for this form of the page that is shown, once; null when there is nothing. */
export function takeDraft(action: string, userId: number): Typed | null {
  kept = false;
  const draft = read();
  if (draft && draft.userId !== userId) forgetDraft();
  if (draft?.userId !== userId || draft.page !== pageHere() || draft.action !== action) return null;
  forgetDraft();
  return draft.values;
}

function forgetDraft(): void {
  sessionStorage.removeItem(KEY);
}

function read(): Draft | null {
  const text = sessionStorage.getItem(KEY);
  return text ? (JSON.parse(text) as Draft) : null;
}

/** Where a request was sent because nobody is signed in any more. */
export const isSignInAddress = (address: string) => /^\/login(\?|$)/.test(address);

/** Signing in from here leads back to this very page, its step included. */
export const signInFromHere = () => `/login?next=${encodeURIComponent(pageHere())}`;
