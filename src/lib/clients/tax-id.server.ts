import { openPan, sealPan, type SealedPan } from '#lib/platform/crypto/pan.server.ts';
import { RuleViolation } from '#lib/platform/errors.ts';
import { normalisedPan, panErrors, panWarnings, type PanHolder } from './pan.ts';

/** What is known of a client's tax id once a form was filled in. */
export interface TaxId extends PanHolder {
  /** In clear, normalised; null for a client without. */
  pan: string | null;
  panExemptReason: string | null;
}

interface Entered {
  pan?: string | null | undefined;
  panHolder?: 'self' | 'guardian' | undefined;
  guardianName?: string | null | undefined;
  panExemptReason?: string | null | undefined;
}

/** The tax id of a new client. A minor carries the guardian's unless it is said that the PAN is his own. */
export function enteredTaxId(holder: Pick<PanHolder, 'kind' | 'type' | 'name'>, entered: Entered): TaxId {
  const pan = normalisedPan(entered.pan ?? '') || null;
  return {
    ...holder,
    pan,
    panHolder: entered.panHolder ?? (holder.type === 'minor' ? 'guardian' : 'self'),
    guardianName: entered.guardianName || null,
    panExemptReason: pan ? null : entered.panExemptReason || null
  };
}

/** Throws RuleViolation when it breaks a rule; returns what is worth a second look. */
export function checkTaxId(taxId: TaxId, { compulsory }: { compulsory: boolean }): string[] {
  if (taxId.panHolder === 'guardian') checkGuardian(taxId);
  if (!taxId.pan) {
    if (compulsory && !taxId.panExemptReason)
      throw new RuleViolation('A PAN is needed; where there is none, say why', { field: 'pan' });
    return [];
  }
  const [error] = panErrors(taxId.pan, taxId);
  if (error) throw new RuleViolation(error, { field: 'pan' });
  return panWarnings(taxId.pan, taxId);
}

function checkGuardian({ type, guardianName }: TaxId): void {
  if (type !== 'minor')
    throw new RuleViolation('Only a minor carries a guardian’s PAN', { field: 'panHolder' });
  if (!guardianName)
    throw new RuleViolation('A minor needs the name of the guardian', { field: 'guardianName' });
}

interface StoredTaxId extends PanHolder {
  panCipher: string | null;
  panRef: string;
  panKeyVersion: number | null;
  panExemptReason: string | null;
}

/** The tax id a client has now. */
export function storedTaxId({ panCipher, panRef, panKeyVersion, ...rest }: StoredTaxId): TaxId {
  return { ...rest, pan: panCipher === null ? null : openPan({ panCipher, panRef, panKeyVersion }) };
}

type TaxIdColumns = { [Name in keyof SealedPan]: SealedPan[Name] | null } & {
  panHolder: 'self' | 'guardian';
  guardianName: string | null;
  panExemptReason: string | null;
};

const NO_PAN = { panCipher: null, panIndex: null, panLast4: null, panKeyVersion: null };

/** The columns in which a tax id is stored. */
export function taxIdColumns({ pan, ...taxId }: TaxId, panRef: string): TaxIdColumns {
  return {
    ...(pan ? sealPan(pan, panRef) : NO_PAN),
    panHolder: taxId.panHolder,
    guardianName: taxId.guardianName,
    panExemptReason: taxId.panExemptReason
  };
}
