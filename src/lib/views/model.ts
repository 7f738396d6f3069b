/** The lists that views can be saved of. */
export const VIEW_MODULES = ['leads', 'clients', 'interactions', 'queries', 'requests', 'catalogue'] as const;
export type ViewModule = (typeof VIEW_MODULES)[number];
