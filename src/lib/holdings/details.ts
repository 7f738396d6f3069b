import type { Formats } from '#lib/ui/format.ts';
import { HOLDING_MODE_LABELS, type HoldingMode } from './model.ts';

interface Described {
  folio: string | null;
  mode: HoldingMode | null;
  instalment: string | null;
  currency: string;
  units: string | null;
  startedOn: string | null;
  serialNumbers: string[];
}

/** A holding's particulars in one line. */
export function detailsOf(holding: Described, formats: Formats): string {
  const { folio, mode, instalment, currency, units, startedOn, serialNumbers } = holding;
  return [
    folio && `Folio ${folio}`,
    mode && HOLDING_MODE_LABELS[mode],
    instalment && `${formats.money(instalment, currency)} a month`,
    units && `${formats.quantity(units)} units`,
    startedOn && `since ${formats.date(startedOn)}`,
    serialNumbers.join(', ')
  ]
    .filter(Boolean)
    .join(' · ');
}
