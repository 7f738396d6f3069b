import { z } from 'zod';

/** The lists that views can be saved of; each at its own address, `/leads`. */
export const VIEW_MODULES = ['leads', 'clients', 'interactions', 'queries', 'requests', 'catalogue'] as const;
export type ViewModule = (typeof VIEW_MODULES)[number];

const id = z.number().int().positive();
const version = z.number().int().positive();
const name = z.string().trim().min(1, 'Please give the view a name').max(60);
/** A query string, with or without `?`; what the list does not know is dropped. */
const params = z.string().max(2000);

export const listViewsInput = z.strictObject({
  filter: z.strictObject({ module: z.enum(VIEW_MODULES) })
});
export const createViewInput = z.strictObject({
  module: z.enum(VIEW_MODULES),
  name,
  params,
  /** Shows it to the members and the head of this team. */
  teamId: id.nullish()
});
/** What is left out stays. */
export const updateViewInput = z.strictObject({
  id,
  version,
  name: name.optional(),
  params: params.optional(),
  teamId: id.nullish()
});
export const shareViewInput = z.strictObject({ id, version, teamId: id.nullable() });
/** `to` is the place among one's own views of the list, counted from 0. */
export const moveViewInput = z.strictObject({ id, to: z.number().int().min(0).max(1000) });
export const removeViewInput = z.strictObject({ id, version });

export type CreateViewInput = z.output<typeof createViewInput>;
export type UpdateViewInput = z.output<typeof updateViewInput>;
export type MoveViewInput = z.output<typeof moveViewInput>;
export type RemoveViewInput = z.output<typeof removeViewInput>;

export interface SavedView {
  id: number;
  module: ViewModule;
  name: string;
  /** Canonical query string without `?`. */
  params: string;
  version: number;
  owner: { id: number; name: string };
  team: { id: number; name: string } | null;
  can: { edit: boolean; remove: boolean };
}

/** A team's views and one's own, and the teams one may share with. */
export interface Views {
  items: SavedView[];
  nextCursor: null;
  total: number;
  totalIsEstimate: false;
  teams: { id: number; name: string }[];
}
