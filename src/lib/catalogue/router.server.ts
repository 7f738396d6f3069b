import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { createProduct, removeProduct, updateProduct } from './commands.server.ts';
import {
  createProductInput,
  listProductsInput,
  productChoicesInput,
  productIdInput,
  removeProductInput,
  searchProductsInput,
  updateProductInput
} from './model.ts';
import { listProducts, productChoices, productRecord, searchProducts } from './reads.server.ts';

export const catalogueRouter = router({
  list: can('catalogue.view')
    .input(listProductsInput)
    .query(({ ctx, input }) => listProducts(ctx.tx, input)),
  /** What lists and forms offer: categories and fund houses. */
  choices: can('catalogue.view')
    .input(productChoicesInput)
    .query(({ ctx }) => productChoices(ctx.tx)),
  byId: can('catalogue.view')
    .input(productIdInput)
    .query(({ ctx, input }) => productRecord(ctx.tx, ctx.actor, input.id)),
  search: can('catalogue.view')
    .input(searchProductsInput)
    .query(({ ctx, input }) => searchProducts(ctx.tx, input)),
  create: can('catalogue.manage')
    .input(createProductInput)
    .mutation(({ ctx, input }) => createProduct(ctx.tx, input)),
  update: can('catalogue.manage')
    .input(updateProductInput)
    .mutation(({ ctx, input }) => updateProduct(ctx.tx, input)),
  remove: can('catalogue.manage')
    .input(removeProductInput)
    .mutation(({ ctx, input }) => removeProduct(ctx.tx, input))
});
