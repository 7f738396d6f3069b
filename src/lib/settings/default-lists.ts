/** The managed lists as they are shipped: `[key, label]` in order. */
export const DEFAULT_LISTS = {
  denial_reason: [
    ['not_interested', 'Not interested'],
    ['no_response', 'No response'],
    ['chose_competitor', 'Chose somebody else'],
    ['not_eligible', 'Not eligible'],
    ['budget', 'No budget'],
    ['wrong_contact', 'Wrong contact details'],
    ['duplicate', 'Duplicate'],
    ['unspecified', 'Unspecified']
  ],
  client_type: [
    ['individual', 'Individual'],
    ['minor', 'Minor'],
    ['huf', 'HUF'],
    ['company', 'Company'],
    ['firm', 'Firm or LLP'],
    ['aop', 'AOP'],
    ['boi', 'BOI'],
    ['trust', 'Trust'],
    ['government', 'Government'],
    ['local_authority', 'Local authority'],
    ['artificial', 'Artificial juridical person'],
    ['utility', 'Utility'],
    ['ipp', 'IPP'],
    ['consulting', 'Consulting'],
    ['parish', 'Parish'],
    ['other', 'Other']
  ],
  client_tier: [
    ['platinum', 'Platinum'],
    ['gold', 'Gold'],
    ['silver', 'Silver'],
    ['standard', 'Standard']
  ]
} as const;

interface RequestTypeDefault {
  key: string;
  name: string;
  /** Working days. */
  tatDays: number;
  checklist: string[];
}

const type = (key: string, name: string, tatDays: number, ...checklist: string[]): RequestTypeDefault => ({
  key,
  name,
  tatDays,
  checklist
});

/** What a distributor's clients usually ask of operations, with the turnaround that is usually promised. */
export const DEFAULT_REQUEST_TYPES: RequestTypeDefault[] = [
  type(
    'account_opening',
    'Account opening',
    5,
    'Application signed',
    'KYC verified',
    'Account number received'
  ),
  type('contact_update', 'Contact update', 3, 'Request form signed', 'Registrar informed'),
  type('bank_change', 'Bank change', 6, 'Cancelled cheque received', 'Form signed', 'Registrar confirmed'),
  type('nominee_change', 'Nominee change', 3, 'Nominee form signed', 'Registrar confirmed'),
  type('kyc_update', 'KYC update', 6, 'Documents received', 'KYC agency confirmed'),
  type('address_change', 'Address change', 3, 'Proof of address received', 'Registrar confirmed'),
  type('pan_update', 'PAN update', 3, 'Copy of PAN received', 'Registrar confirmed'),
  type('signature_change', 'Signature change', 6, 'Bank attestation received', 'Registrar confirmed'),
  type('sip_start', 'SIP start', 16, 'Form or online mandate received', 'First instalment seen'),
  type('sip_change', 'SIP change', 16, 'Request signed', 'Registrar confirmed'),
  type('sip_stop', 'SIP stop', 16, 'Request signed', 'Registrar confirmed'),
  type('switch', 'Switch', 16, 'Switch form signed', 'Units confirmed'),
  type('redemption', 'Redemption', 4, 'Redemption form signed', 'Payout confirmed'),
  type('statement', 'Statement', 3, 'Statement sent'),
  type(
    'transmission',
    'Transmission',
    10,
    'Death certificate received',
    'Claimant KYC verified',
    'Registrar confirmed'
  ),
  type('mandate_registration', 'OTM or mandate registration', 10, 'Mandate signed', 'Bank confirmed'),
  type(
    'minor_to_major',
    'Minor to major',
    10,
    'PAN and KYC received',
    'Bank attestation received',
    'Registrar confirmed'
  )
];
