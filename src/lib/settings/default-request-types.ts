import { keyFor, type RequestField } from '#lib/desk/request-fields.ts';
import { type FieldKind } from '#lib/desk/field-kinds.ts';

interface RequestTypeDefault {
  key: string;
  name: string;
  /** Working days. */
  tatDays: number;
  checklist: string[];
  fields: RequestField[];
}

/** A label, required when it ends in a star, and what kind it is unless text. */
type FieldWords = string | [label: string, kind: FieldKind];

function fieldsOf(words: FieldWords[]): RequestField[] {
  return words.map((word) => {
    const [written, kind] = typeof word === 'string' ? ([word, 'text'] as const) : word;
    const label = written.replace(/\*$/, '');
    return { key: keyFor(label, []), label, kind, required: written.endsWith('*') };
  });
}

const type = (
  key: string,
  name: string,
  tatDays: number,
  checklist: string[],
  ...fields: FieldWords[]
): RequestTypeDefault => ({ key, name, tatDays, checklist, fields: fieldsOf(fields) });

const confirmed = 'Registrar confirmed';

/** What a distributor's clients usually ask of operations, with the turnaround that is usually promised. */
export const DEFAULT_REQUEST_TYPES: RequestTypeDefault[] = [
  type(
    'account_opening',
    'Account opening',
    5,
    ['Application signed', 'KYC verified', 'Account number received'],
    'Mode of holding',
    ['First investment', 'amount']
  ),
  type(
    'contact_update',
    'Contact update',
    3,
    ['Request form signed', 'Registrar informed'],
    'New phone or e-mail*',
    'Folio'
  ),
  type(
    'bank_change',
    'Bank change',
    6,
    ['Cancelled cheque received', 'Form signed', confirmed],
    'New bank account number*',
    'IFSC*',
    'Bank and branch',
    'Folio'
  ),
  type(
    'nominee_change',
    'Nominee change',
    3,
    ['Nominee form signed', confirmed],
    'Nominee*',
    'Relationship*',
    ['Nominee’s date of birth', 'date'],
    'Folio'
  ),
  type('kyc_update', 'KYC update', 6, ['Documents received', 'KYC agency confirmed'], 'What changes*'),
  type(
    'address_change',
    'Address change',
    3,
    ['Proof of address received', confirmed],
    'New address*',
    'Folio'
  ),
  // The PAN itself stands on the client's page, where it is kept masked.
  type('pan_update', 'PAN update', 3, ['Copy of PAN received', confirmed], 'Name as on the PAN card*'),
  type('signature_change', 'Signature change', 6, ['Bank attestation received', confirmed], 'Folio'),
  type(
    'sip_start',
    'SIP start',
    16,
    ['Form or online mandate received', 'First instalment seen'],
    'Scheme*',
    ['Instalment*', 'amount'],
    ['First instalment on*', 'date'],
    'Folio'
  ),
  type('sip_change', 'SIP change', 16, ['Request signed', confirmed], 'Scheme*', 'Folio*', [
    'New instalment*',
    'amount'
  ]),
  type('sip_stop', 'SIP stop', 16, ['Request signed', confirmed], 'Scheme*', 'Folio*', [
    'Last instalment on',
    'date'
  ]),
  type(
    'switch',
    'Switch',
    16,
    ['Switch form signed', 'Units confirmed'],
    'From scheme*',
    'To scheme*',
    'Folio*',
    ['All units*', 'yes_no'],
    ['Amount', 'amount']
  ),
  type(
    'redemption',
    'Redemption',
    4,
    ['Redemption form signed', 'Payout confirmed'],
    'Scheme*',
    'Folio*',
    ['All units*', 'yes_no'],
    ['Amount', 'amount']
  ),
  type('statement', 'Statement', 3, ['Statement sent'], ['From', 'date'], ['To', 'date'], 'Folio'),
  type(
    'transmission',
    'Transmission',
    10,
    ['Death certificate received', 'Claimant KYC verified', confirmed],
    'Deceased holder*',
    ['Date of death*', 'date'],
    'Claimant*',
    'Folio'
  ),
  type(
    'mandate_registration',
    'OTM or mandate registration',
    10,
    ['Mandate signed', 'Bank confirmed'],
    'Bank account number*',
    ['Limit*', 'amount']
  ),
  type(
    'minor_to_major',
    'Minor to major',
    10,
    ['PAN and KYC received', 'Bank attestation received', confirmed],
    ['Of age since*', 'date'],
    'Folio'
  )
];
