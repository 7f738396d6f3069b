import { columnLabel } from '#lib/platform/audit/words.ts';
import type { AuditChange } from './audit-model.ts';

type Values = Record<string, unknown> | null;

/** What says nothing to people, and what nobody is shown here: secrets, and PAN but for the fact that it changed. */
const HIDDEN =
  /^(id|key|number|version|search|pan_.*|client_name|client_number|entered|parts|counts)$|(_key|_ref|_hash|_cipher|_index)$|password|secret|token/;
const TELLING_PAN = /^pan_(exempt_reason|holder)$/;

const USERS = /^(user|tell_user|by|rm|head|assignee|author|substitute|.*_(rm|by))_id$/;
const REFERENCES: Record<string, string> = {
  client_id: 'client',
  given_by_client_id: 'client',
  old_id: 'client',
  lead_id: 'lead',
  query_id: 'query',
  request_id: 'request',
  interaction_id: 'interaction',
  origin_interaction_id: 'interaction',
  holding_id: 'holding',
  product_id: 'product',
  role_id: 'role',
  team_id: 'team',
  main_team_id: 'team',
  default_team_id: 'team',
  type_id: 'requestType',
  request_type_id: 'requestType',
  policy_id: 'policy',
  calendar_id: 'calendar'
};
const LISTED: Record<string, string> = {
  'leads denial_reason': 'denial_reason',
  'clients type': 'client_type',
  'clients tier': 'client_tier',
  'products category': 'product_category'
};

/** What a value names, as `kind:value`; undefined where it stands for itself. */
export function referenceOf(table: string, column: string, value: unknown): string | undefined {
  if (typeof value === 'number') {
    const kind = USERS.test(column) ? 'user' : REFERENCES[column];
    return kind && `${kind}:${value}`;
  }
  const list = LISTED[`${table} ${column}`];
  return list && typeof value === 'string' ? `list:${list}:${value}` : undefined;
}

/** Columns of an entry that are told. */
export const toldColumns = (oldValues: Values, newValues: Values): string[] =>
  Object.keys({ ...oldValues, ...newValues }).filter(
    (column) => TELLING_PAN.test(column) || !HIDDEN.test(column)
  );

const ENUM = /^[a-z]+(_[a-z]+)*$/;

/** A value in words; `names` knows what references and list keys are called. */
function shown(table: string, column: string, value: unknown, names: Map<string, string>): string | null {
  if (value === null || value === undefined || value === '') return null;
  const reference = referenceOf(table, column, value);
  if (reference) return names.get(reference) ?? `No longer there (${JSON.stringify(value)})`;
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string')
    return ENUM.test(value) && value.includes('_') ? value.replaceAll('_', ' ') : value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string' || typeof one === 'number'))
    return value.length > 0 ? value.join(', ') : null;
  return JSON.stringify(value);
}

/** What an entry changed, field by field. */
export function auditChanges(
  entry: { table: string; oldValues: Values; newValues: Values },
  names: Map<string, string>
): AuditChange[] {
  const { table, oldValues, newValues } = entry;
  return toldColumns(oldValues, newValues)
    .map((column) => ({
      label: columnLabel(column),
      from: shown(table, column, oldValues?.[column], names),
      to: shown(table, column, newValues?.[column], names)
    }))
    .filter(({ from, to }) => from !== to);
}
