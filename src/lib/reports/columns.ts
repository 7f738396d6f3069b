import type { RowKind } from './model.ts';
import type { FactRow } from './rows.server.ts';

export interface RowColumn {
  key: Exclude<keyof FactRow, 'counted'> | 'record';
  label: string;
  numeric?: boolean;
  as?: 'time' | 'day' | 'minutes' | 'money' | 'count' | 'due' | 'state' | 'type' | 'person';
}

const record: RowColumn = { key: 'record', label: 'Record' };
const person: RowColumn = { key: 'person', label: 'Person', as: 'person' };
const team: RowColumn = { key: 'team', label: 'Team' };
const state: RowColumn = { key: 'state', label: 'State', as: 'state' };

/** What a list behind a figure shows of each row; the first is the row's own link. */
export const COLUMNS: Record<RowKind, RowColumn[]> = {
  promises: [
    record,
    { key: 'type', label: 'Promise', as: 'type' },
    { ...state, label: 'Kept' },
    person,
    team,
    { key: 'ours', label: 'Ours', numeric: true, as: 'minutes' },
    { key: 'clientMinutes', label: 'Client’s', numeric: true, as: 'minutes' },
    { key: 'thirdParty', label: 'Third parties’', numeric: true, as: 'minutes' },
    { key: 'at', label: 'Ended', as: 'time' }
  ],
  ageing: [
    record,
    state,
    person,
    team,
    { key: 'dueAt', label: 'Due', as: 'due' },
    { key: 'at', label: 'Since', as: 'day' }
  ],
  escalations: [
    record,
    { key: 'type', label: 'Promise', as: 'type' },
    { ...state, label: 'Step' },
    { key: 'policy', label: 'Policy' },
    person,
    team,
    { key: 'at', label: 'Carried out', as: 'time' }
  ],
  reviews: [
    { ...record, label: 'Client' },
    state,
    { ...person, label: 'RM' },
    team,
    { key: 'onDate', label: 'Due', as: 'day' },
    { key: 'heldOn', label: 'Held', as: 'day' }
  ],
  referrals: [
    { ...record, label: 'Lead' },
    state,
    { key: 'client', label: 'Given by' },
    { ...person, label: 'Obtained by' },
    team,
    { key: 'type', label: 'Mode', as: 'type' },
    { key: 'value', label: 'Value', numeric: true, as: 'money' },
    { key: 'at', label: 'Entered', as: 'day' }
  ],
  pipeline: [
    { ...record, label: 'Product' },
    { key: 'onDate', label: 'Date', as: 'day' },
    state,
    { ...person, label: 'RM' },
    team,
    { key: 'type', label: 'Mode', as: 'type' },
    { key: 'leads', label: 'Leads', numeric: true, as: 'count' },
    { key: 'value', label: 'Value', numeric: true, as: 'money' }
  ]
};
