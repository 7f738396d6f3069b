import { recompute, recomputeJob } from '#lib/policies/recompute.server.ts';
import { handle } from '#lib/platform/jobs/work.server.ts';

/** Running clocks follow a policy or a calendar that changed. */
export const recomputeHandler = handle(recomputeJob, ({ id }) => recompute(id));
