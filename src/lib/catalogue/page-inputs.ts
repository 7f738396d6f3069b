import { createProductInput, updateProductInput } from './model.ts';

/** The procedures' inputs without what their pages have in the address or change by a button of its own. */
export const productInputs = {
  create: createProductInput.omit({ active: true }),
  update: updateProductInput.omit({ id: true, active: true })
};
