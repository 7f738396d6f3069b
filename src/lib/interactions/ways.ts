import type { Component } from 'svelte';
import Mail from '@lucide/svelte/icons/mail';
import MessageCircle from '@lucide/svelte/icons/message-circle';
import MessageSquareText from '@lucide/svelte/icons/message-square-text';
import Phone from '@lucide/svelte/icons/phone';
import StickyNote from '@lucide/svelte/icons/sticky-note';
import Users from '@lucide/svelte/icons/users';
import Video from '@lucide/svelte/icons/video';
import type { Channel } from './kinds.ts';

export interface Way {
  channel: Channel;
  label: string;
  /** The key that begins one on a client's page. */
  key: string;
  icon: Component;
}

/** The ways of speaking with a client, most used first. */
export const WAYS: readonly Way[] = [
  { channel: 'call', label: 'Call', key: 'c', icon: Phone },
  { channel: 'in_person', label: 'Meeting', key: 'm', icon: Users },
  { channel: 'email', label: 'E-mail', key: 'e', icon: Mail },
  { channel: 'whatsapp', label: 'WhatsApp', key: 'w', icon: MessageCircle },
  { channel: 'sms', label: 'SMS', key: 's', icon: MessageSquareText },
  { channel: 'video', label: 'Video', key: 'v', icon: Video },
  { channel: 'note', label: 'Note', key: 'n', icon: StickyNote }
];

export const wayOf = (channel: string | null | undefined): Way | undefined =>
  WAYS.find((way) => way.channel === channel);
