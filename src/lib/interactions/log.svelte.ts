import type { Choice } from '#lib/ui/choice.ts';
import type { LinkKind } from './model.ts';
import type { Channel, Purpose } from './kinds.ts';

/** What the form for a conversation starts with; labels are shown at once, without asking the server. */
export interface LogAbout {
  clientId?: number | undefined;
  clientLabel?: string | undefined;
  leadId?: number | undefined;
  queryId?: number | undefined;
  requestId?: number | undefined;
  productId?: number | undefined;
  /** Words for the ids above, by kind. */
  labels?: Partial<Record<LinkKind | 'product', string>> | undefined;
  purpose?: Purpose | undefined;
}

/** Offered by plain lists where there is no JavaScript. */
export interface LogChoices {
  clients: Choice[];
  products: Choice[];
  query: Choice[];
  request: Choice[];
  lead: Choice[];
}

/** What was typed and not saved. */
export interface LogDraft {
  about: LogAbout;
  values: Record<string, string>;
}

class Logging {
  open = $state(false);
  about = $state.raw<LogAbout>({});
}

/** The one dialog of the frame. */
export const logging = new Logging();

/** Opens the form for something said with a client, from anywhere; without a client it asks for one. */
export function openLog(about: LogAbout = {}): void {
  logging.about = about;
  logging.open = true;
}

// By what they are about: one conversation's words never turn up in another's form.
const drafts: Record<string, LogDraft> = {};

const keyOf = ({ clientId, leadId, queryId, requestId, productId, purpose }: LogAbout) =>
  [clientId, leadId, queryId, requestId, productId, purpose].join(' ');

export const draftOf = (about: LogAbout): LogDraft | undefined => drafts[keyOf(about)];

/** Keeps what a closed dialog held, as long as the page lives; nothing is kept of a form without words. */
export function keepDraft(about: LogAbout, draft: LogDraft): void {
  if (draft.values.subject?.trim() || draft.values.body?.trim()) drafts[keyOf(about)] = draft;
  else dropDraft(about);
}

export function dropDraft(about: LogAbout): void {
  Reflect.deleteProperty(drafts, keyOf(about));
}

const CHANNEL = 'rapport-channel';

/** The channel this person used last in this browser. */
export const lastChannel = (): string | null => localStorage.getItem(CHANNEL);

export const rememberChannel = (channel: Channel): void => localStorage.setItem(CHANNEL, channel);
