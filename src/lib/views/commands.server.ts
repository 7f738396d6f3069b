import { and, eq, sql } from 'drizzle-orm';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import type { Tx } from '#lib/platform/db/transactions.server.ts';
import { Conflict, Forbidden, NotFound, RuleViolation } from '#lib/platform/errors.ts';
import type {
  CreateViewInput,
  MoveViewInput,
  RemoveViewInput,
  UpdateViewInput,
  ViewModule
} from './model.ts';
import { canonicalParams } from './params.ts';
import { teamsOf, viewFlags } from './reads.server.ts';
import { savedViews } from './schema.server.ts';

/** More tabs than this nobody finds his way in. */
const MOST_VIEWS = 30;

/** Saves a list's filters under a name that is new among one's own views of the list. */
export async function createView(tx: Tx, actor: Actor, input: CreateViewInput) {
  const { module, name, teamId = null } = input;
  requireTeam(actor, teamId);
  const own = await ownViews(tx, actor, module);
  if (own.length >= MOST_VIEWS)
    throw new RuleViolation(`You have ${MOST_VIEWS} views of this list. Delete one first`);
  requireFree(own, name);
  const position = Math.max(-1, ...own.map((view) => view.position)) + 1;
  const [view] = await tx
    .insert(savedViews)
    .values({ ownerId: actor.userId, module, name, params: paramsOf(module, input.params), teamId, position })
    .returning();
  if (!view) throw new Error('The view was not stored');
  return changed(view);
}

/** Renames it, gives it other filters, or shares it with another team or nobody (null). */
export async function updateView(tx: Tx, actor: Actor, { id, version, ...input }: UpdateViewInput) {
  const view = await ownView(tx, actor, id);
  const { name, params, teamId } = input;
  if (teamId !== undefined && teamId !== view.teamId) requireTeam(actor, teamId);
  if (name !== undefined) requireFree(await ownViews(tx, actor, view.module), name, id);
  const values = {
    ...(name !== undefined && { name }),
    ...(params !== undefined && { params: paramsOf(view.module, params) }),
    ...(teamId !== undefined && { teamId })
  };
  const [row] = await tx
    .update(savedViews)
    .set({ ...values, updatedAt: sql`now()`, version: sql`${savedViews.version} + 1` })
    .where(and(eq(savedViews.id, id), eq(savedViews.version, version)))
    .returning();
  if (!row) throw new Conflict(undefined, { current: view });
  return changed(row);
}

/** Puts it at a place among one's own views of its list. */
export async function moveView(tx: Tx, actor: Actor, { id, to }: MoveViewInput): Promise<void> {
  const { module } = await ownView(tx, actor, id);
  const ids = (await ownViews(tx, actor, module)).map((view) => view.id).filter((other) => other !== id);
  ids.splice(to, 0, id);
  const places = `{${ids.join(',')}}`;
  await tx.execute(sql`
    update saved_views v set position = o.place - 1
    from unnest(${places}::bigint[]) with ordinality o(id, place)
    where v.id = o.id and v.position <> o.place - 1`);
}

/** Deletes one's own view, or one shared with a team one heads. */
export async function removeView(tx: Tx, actor: Actor, { id, version }: RemoveViewInput) {
  const view = await visibleView(tx, id);
  if (!flagsOf(actor, view).remove) throw new Forbidden();
  const gone = await tx
    .delete(savedViews)
    .where(and(eq(savedViews.id, id), eq(savedViews.version, version)))
    .returning({ id: savedViews.id });
  if (gone.length === 0) throw new Conflict(undefined, { current: view });
  return changed(view);
}

type View = typeof savedViews.$inferSelect;

const changed = ({ id, module, params, version }: View) => ({ id, module, params, version });

const flagsOf = (actor: Actor, { ownerId, teamId }: View) =>
  viewFlags(actor, { owner: { id: ownerId }, team: teamId === null ? null : { id: teamId } });

async function visibleView(tx: Tx, id: number): Promise<View> {
  const [view] = await tx.select().from(savedViews).where(eq(savedViews.id, id));
  if (!view) throw new NotFound();
  return view;
}

async function ownView(tx: Tx, actor: Actor, id: number): Promise<View> {
  const view = await visibleView(tx, id);
  if (!flagsOf(actor, view).edit) throw new Forbidden();
  return view;
}

function ownViews(tx: Tx, actor: Actor, module: ViewModule): Promise<View[]> {
  return tx
    .select()
    .from(savedViews)
    .where(and(eq(savedViews.ownerId, actor.userId), eq(savedViews.module, module)))
    .orderBy(savedViews.position, savedViews.id)
    .for('update');
}

function requireFree(own: View[], name: string, except?: number): void {
  const same = own.some((view) => view.id !== except && view.name.toLowerCase() === name.toLowerCase());
  if (same) throw new RuleViolation('You have a view of this name already', { field: 'name' });
}

function requireTeam(actor: Actor, teamId: number | null): void {
  if (teamId === null || actor.seesAll || teamsOf(actor).includes(teamId)) return;
  throw new RuleViolation('A view is shared with a team you belong to or head', { field: 'teamId' });
}

function paramsOf(module: ViewModule, search: string): string {
  const params = canonicalParams(module, search);
  if (!params)
    throw new RuleViolation('Set a filter, a search or an order first: they are what a view keeps');
  return params;
}
