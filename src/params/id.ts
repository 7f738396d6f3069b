import type { ParamMatcher } from '@sveltejs/kit';

/** An id in an address; anything else is no page. */
export const match: ParamMatcher = (param) => /^[1-9]\d{0,14}$/.test(param);
