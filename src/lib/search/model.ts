import { z } from 'zod';
import type { Permission } from '#lib/platform/auth/permissions.ts';

/** The kinds of records that are searched, in the order in which they are shown. */
export const SEARCH_KINDS = ['client', 'lead', 'query', 'request', 'product'] as const;
export type SearchKind = (typeof SEARCH_KINDS)[number];

export const SEARCH_PERMISSIONS: Record<SearchKind, Permission> = {
  client: 'clients.view',
  lead: 'leads.view',
  query: 'queries.view',
  request: 'requests.view',
  product: 'catalogue.view'
};

/** The list that shows more of a kind, by its own search. */
export const SEARCH_PAGES: Record<SearchKind, string> = {
  client: '/clients',
  lead: '/leads',
  query: '/queries',
  request: '/requests',
  product: '/catalogue'
};

export const everythingInput = z.strictObject({
  q: z.string().trim().max(100),
  /** Of each kind. */
  limit: z.number().int().min(1).max(20).optional()
});

export interface Hit {
  id: number;
  title: string;
  number: string | null;
  /** What tells it apart: a client, a status, an RM. */
  detail: string | null;
}

export interface HitGroup {
  kind: SearchKind;
  hits: Hit[];
}
