import { addHoldingInput, updateHoldingInput } from './model.ts';

/** The procedure's input without the client's id, which its page has in the address. */
export const holdingForm = addHoldingInput.omit({ clientId: true, leadId: true, serialNumbers: true });

/** The same for one that exists, whose id is in the address. */
export const holdingEditForm = updateHoldingInput.omit({ id: true, serialNumbers: true });
