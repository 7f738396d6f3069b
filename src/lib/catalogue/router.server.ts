import { can, router } from '#lib/platform/trpc/builder.server.ts';
import { createProduct, updateProduct } from './commands.server.ts';
import {
  createProductInput,
  listProductsInput,
  productIdInput,
  searchProductsInput,
  updateProductInput
} from './model.ts';
import { listProducts, productOf, searchProducts } from './reads.server.ts';

export const catalogueRouter = router({
  list: can('catalogue.view')
    .input(listProductsInput)
    .query(({ ctx, input }) => listProducts(ctx.tx, input)),
  byId: can('catalogue.view')
    .input(productIdInput)
    .query(({ ctx, input }) => productOf(ctx.tx, input.id)),
  search: can('catalogue.view')
    .input(searchProductsInput)
    .query(({ ctx, input }) => searchProducts(ctx.tx, input)),
  create: can('catalogue.manage')
    .input(createProductInput)
    .mutation(({ ctx, input }) => createProduct(ctx.tx, input)),
  update: can('catalogue.manage')
    .input(updateProductInput)
    .mutation(({ ctx, input }) => updateProduct(ctx.tx, input))
});
