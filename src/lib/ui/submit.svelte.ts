import { enhance } from '$app/forms';
import { goto } from '$app/navigation';
import { page } from '$app/state';
import type { ActionResult, SubmitFunction } from '@sveltejs/kit';
import type { Action } from 'svelte/action';
import { isSignInAddress, keepDraft, signInFromHere } from './drafts.ts';
import { toast } from './toast.ts';

export interface SubmitOptions {
  /** Asked before the form is sent; false keeps it here. */
  before?: (form: HTMLFormElement) => boolean;
  /** Said by a toast when it worked. */
  done?: string;
  /** Keep what was typed after success (a filter, a setting). Otherwise the form is emptied. */
  keep?: boolean;
  /** It worked: called before the page follows a redirect or is renewed. */
  onsettled?: () => void;
  onpending?: (pending: boolean) => void;
  onsuccess?: (data: Record<string, unknown> | undefined) => void;
  /** Problems are shown as a toast unless this takes them. */
  onfailure?: (message: string, data: Record<string, unknown> | undefined) => void;
}

/**
 * `use:submitAction` on a plain POST form: sends it without a page load, refuses a second submit while
 * the first is under way, says what happened. Without JavaScript the form posts as ever.
 */
export const submitAction: Action<HTMLFormElement, SubmitOptions | undefined> = (form, initial) => {
  let options = initial ?? {};
  let pending = false;

  const setPending = (value: boolean) => {
    pending = value;
    form.setAttribute('aria-busy', String(value));
    options.onpending?.(value);
  };
  const send: SubmitFunction = ({ cancel }) => {
    if (pending || options.before?.(form) === false) {
      cancel();
      return;
    }
    setPending(true);
    return async ({ result, update }) => {
      if (result.type === 'redirect' && isSignInAddress(result.location) && whoIsHere()) {
        options.onsettled?.();
        return signInAgain(form);
      }
      if (result.type === 'redirect' || result.type === 'success') options.onsettled?.();
      const keep = options.keep === true || result.type === 'failure' || result.type === 'error';
      if (result.type === 'error') complain(result, options);
      else await update({ reset: !keep });
      setPending(false);
      if (result.type !== 'error') report(result, options);
    };
  };
  const enhanced = enhance(form, send);
  return {
    update: (next) => {
      options = next ?? {};
    },
    destroy: () => enhanced.destroy()
  };
};

/** Undefined on the pages of those who are not signed in, whose way leads by the sign-in anyway. */
const whoIsHere = () => (page.data as { me?: { id: number } }).me?.id;

/** The session ended while the form was filled in: nothing was saved, and nothing of it is lost. */
async function signInAgain(form: HTMLFormElement): Promise<void> {
  const userId = whoIsHere();
  if (userId !== undefined) keepDraft(form, userId);
  toast.warn('You were signed out', { description: 'Sign in again: what you typed is kept.' });
  await goto(signInFromHere(), { invalidateAll: true });
}

function report(result: ActionResult, options: SubmitOptions) {
  if (result.type === 'failure') complain(result, options);
  else {
    if (options.done) toast.good(options.done);
    if (result.type === 'success') options.onsuccess?.(result.data);
  }
}

function complain(result: ActionResult, options: SubmitOptions) {
  const data = result.type === 'failure' ? result.data : undefined;
  const message = problemOf(result);
  if (options.onfailure) options.onfailure(message, data);
  else toast.bad(message);
}

/** The words for a failed action: the server's, or what to do when it gave none. */
export function problemOf(result: ActionResult): string {
  if (result.type === 'failure' && typeof result.data?.message === 'string') return result.data.message;
  if (result.type === 'error') {
    const { message } = result.error as { message?: string };
    return message ?? 'Nothing was saved. Check the connection and try again.';
  }
  return 'Nothing was saved. Look at the fields and try again.';
}
