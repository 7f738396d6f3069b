import { readAtGate } from '#lib/platform/db/transactions.server.ts';
import { anyone, can, router, signedIn } from '#lib/platform/trpc/builder.server.ts';
import { removeLogo, setLogo, updateFirm } from './firm.server.ts';
import { firmInput, logoInput, removeLogoInput, setLogoInput, updateFirmInput } from './firm.ts';
import {
  addItemInput,
  listItemsInput,
  moveItemInput,
  removeItemInput,
  renameItemInput,
  setItemActiveInput
} from './list-inputs.ts';
import { addItem, moveItem, removeItem, renameItem, setItemActive } from './lists.server.ts';
import { managedLists } from './managed-lists.server.ts';
import { listsInput } from './model.ts';
import { activeLists, brandOf, firmOf, readLogo } from './reads.server.ts';

export const settingsRouter = router({
  /** The managed lists that forms pick from. */
  lists: signedIn()
    .input(listsInput)
    .query(({ ctx }) => activeLists(ctx.tx)),

  /** The firm's name and logo, for the page where people sign in. */
  brand: anyone()
    .input(firmInput)
    .query(() => readAtGate(brandOf)),
  /** The picture that `brand` and `home.frame` name by its hash, as base64. */
  logo: anyone()
    .input(logoInput)
    .query(({ input }) => readAtGate((tx) => readLogo(tx, input.hash))),

  firm: can('admin.settings')
    .input(firmInput)
    .query(({ ctx }) => firmOf(ctx.tx)),
  updateFirm: can('admin.settings')
    .input(updateFirmInput)
    .mutation(({ ctx, input }) => updateFirm(ctx.tx, input)),
  setLogo: can('admin.settings')
    .input(setLogoInput)
    .mutation(({ ctx, input }) => setLogo(ctx.tx, input)),
  removeLogo: can('admin.settings')
    .input(removeLogoInput)
    .mutation(({ ctx, input }) => removeLogo(ctx.tx, input.version)),

  /** Every item of the managed lists, with how often it is used. */
  managedLists: can('admin.lists')
    .input(listItemsInput)
    .query(({ ctx }) => managedLists(ctx.tx)),
  addItem: can('admin.lists')
    .input(addItemInput)
    .mutation(({ ctx, input }) => addItem(ctx.tx, input)),
  renameItem: can('admin.lists')
    .input(renameItemInput)
    .mutation(({ ctx, input }) => renameItem(ctx.tx, input)),
  moveItem: can('admin.lists')
    .input(moveItemInput)
    .mutation(({ ctx, input }) => moveItem(ctx.tx, input)),
  setItemActive: can('admin.lists')
    .input(setItemActiveInput)
    .mutation(({ ctx, input }) => setItemActive(ctx.tx, input)),
  removeItem: can('admin.lists')
    .input(removeItemInput)
    .mutation(({ ctx, input }) => removeItem(ctx.tx, input))
});
