import { exportAuditInput } from '#lib/admin/audit-model.ts';
import { listClientsInput } from '#lib/clients/model.ts';
import { listQueriesInput, listRequestsInput } from '#lib/desk/inputs.ts';
import { listInteractionsInput } from '#lib/interactions/model.ts';
import { listLeadsInput } from '#lib/leads/inputs.ts';
import { exportReportInput } from '#lib/reports/model.ts';

const narrowed = { filter: true, sort: true } as const;

/** What a list may be narrowed and sorted by; its export takes the same. */
export const exportInputs = {
  leads: listLeadsInput.pick(narrowed),
  clients: listClientsInput.pick(narrowed),
  interactions: listInteractionsInput.pick(narrowed),
  queries: listQueriesInput.pick(narrowed),
  requests: listRequestsInput.pick(narrowed),
  audit: exportAuditInput,
  report: exportReportInput
};

/** A file that waits to be fetched once, within a minute, by whoever asked for it. */
export interface Exported {
  id: string;
  /** `leads-2026-11-21.csv` */
  name: string;
  rows: number;
  bytes: number;
}
