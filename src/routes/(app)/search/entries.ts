import ClipboardCheck from '@lucide/svelte/icons/clipboard-check';
import FileQuestionMark from '@lucide/svelte/icons/file-question-mark';
import History from '@lucide/svelte/icons/history';
import ListFilter from '@lucide/svelte/icons/list-filter';
import Package from '@lucide/svelte/icons/package';
import Plus from '@lucide/svelte/icons/plus';
import UserRound from '@lucide/svelte/icons/user-round';
import UserRoundPlus from '@lucide/svelte/icons/user-round-plus';
import type { Component } from 'svelte';
import { SEARCH_PAGES, type HitGroup, type SearchKind } from '#lib/search/model.ts';
import { newItemsFor, type Frame, type Section } from '../modules.ts';
import type { Recent } from './recent.ts';

/** One line of what was found: it leads somewhere or does something. */
export interface Entry {
  key: string;
  label: string;
  number?: string | null;
  detail?: string | null;
  href?: string;
  run?: () => void;
  icon: Component;
}

export interface EntryGroup {
  title: string;
  entries: Entry[];
}

const ICONS: Record<SearchKind, Component> = {
  client: UserRound,
  lead: UserRoundPlus,
  query: FileQuestionMark,
  request: ClipboardCheck,
  product: Package
};

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** What a kind of record is called, many of them. */
export const kindTitles = (clientWord: string): Record<SearchKind, string> => ({
  client: `${capital(clientWord)}s`,
  lead: 'Leads',
  query: 'Queries',
  request: 'Requests',
  product: 'Products'
});

/** Records that were found; a group that may hold more ends with the way to all of it. */
export function recordGroups(
  groups: readonly HitGroup[],
  { q, limit, clientWord }: { q: string; limit: number; clientWord: string }
): EntryGroup[] {
  const titles = kindTitles(clientWord);
  return groups.map(({ kind, hits }) => ({
    title: titles[kind],
    entries: [
      ...hits.map(({ id, title, number, detail }) => ({
        key: `${kind} ${id}`,
        label: title,
        number,
        detail,
        href: `${SEARCH_PAGES[kind]}/${id}`,
        icon: ICONS[kind]
      })),
      ...(hits.length < limit
        ? []
        : [
            {
              key: `${kind} all`,
              label: `All ${titles[kind].toLowerCase()} that match`,
              href: `${SEARCH_PAGES[kind]}?q=${encodeURIComponent(q)}`,
              icon: ListFilter
            }
          ])
    ]
  }));
}

/** True where every word typed begins a word of the label. */
export function fits(label: string, q: string): boolean {
  const words = label.toLowerCase().split(/\s+/);
  const typed = q.toLowerCase().split(/\s+/).filter(Boolean);
  return typed.every((part) => words.some((word) => word.startsWith(part)));
}

/** Pages this person may open. */
export function pageEntries(sections: readonly Section[]): Entry[] {
  const profile = { label: 'Profile', href: '/me', icon: UserRound };
  return [...sections.flatMap(({ modules }) => modules), profile].map(({ label, href, icon }) => ({
    key: href,
    label,
    href,
    icon
  }));
}

/** What this person may make, each by its page. */
export const newEntries = (frame: Pick<Frame, 'grants' | 'firm'>): Entry[] =>
  newItemsFor(frame as Frame).map(({ label, href }) => ({
    key: href,
    label: `New ${label.toLowerCase()}`,
    href,
    icon: Plus
  }));

export const recentEntries = (recent: readonly Recent[]): Entry[] =>
  recent.map(({ href, title }) => ({ key: `recent ${href}`, label: title, href, icon: History }));
