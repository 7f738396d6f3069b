import type { Component } from 'svelte';

export type MenuItem = MenuLink | MenuCommand | MenuPost | { separator: true } | { heading: string };

interface MenuEntry {
  label: string;
  icon?: Component;
  /** Shown at the right, as a key. */
  shortcut?: string;
  tone?: 'bad';
}
interface MenuLink extends MenuEntry {
  href: string;
}
interface MenuCommand extends MenuEntry {
  run: () => void;
}
/** Sends a form of hidden fields: a step that changes something. */
interface MenuPost extends MenuEntry {
  /** `reload` leaves the page for what the server answers, with all that it held. */
  post: { action: string; hidden?: Record<string, string | number>; done?: string; reload?: true };
}
