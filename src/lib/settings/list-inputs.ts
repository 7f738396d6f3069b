import { z } from 'zod';
import { LISTS } from './model.ts';

const id = z.number().int().positive();
const version = z.number().int().positive();
const label = z.string().trim().min(1, 'Please give it a name').max(80);

export const listItemsInput = z.strictObject({}).optional();
export const addItemInput = z.strictObject({ list: z.enum(LISTS), label });
export const renameItemInput = z.strictObject({ id, version, label });
/** `to` is the place in the list, counted from 0. */
export const moveItemInput = z.strictObject({ id, to: z.number().int().min(0).max(1000) });
export const setItemActiveInput = z.strictObject({ id, version, active: z.boolean() });
export const removeItemInput = z.strictObject({ id, version });

export type AddItemInput = z.output<typeof addItemInput>;
export type RenameItemInput = z.output<typeof renameItemInput>;
export type MoveItemInput = z.output<typeof moveItemInput>;
export type SetItemActiveInput = z.output<typeof setItemActiveInput>;
export type RemoveItemInput = z.output<typeof removeItemInput>;
