/** How much of everything there is. */
export interface Sizes {
  clients: number;
  interactions: number;
  requests: number;
  queries: number;
  leads: number;
  schemes: number;
}

export const RM_TEAMS = 20;
/** Beside the head. */
export const RMS_IN_TEAM = 8;
export const OPS_TEAMS = 2;
export const OPS_IN_TEAM = 7;
export const ADMINISTRATORS = 4;

/** 1 is 100,000 clients with 1,000,000 interactions, 50,000 open requests and 14,000 fund schemes; there are always 200 users. */
export function sizesAt(scale: number): Sizes {
  const part = (whole: number) => Math.max(Math.round(whole * scale), 200);
  return {
    clients: part(100_000),
    interactions: part(1_000_000),
    requests: part(50_000),
    queries: part(5_000),
    leads: part(40_000),
    schemes: part(14_000)
  };
}
