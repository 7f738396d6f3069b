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
  ],
  product_category: [
    ['mutual_fund', 'Mutual fund'],
    ['portfolio', 'Portfolio management'],
    ['alternative_fund', 'Alternative investment fund'],
    ['life_insurance', 'Life insurance'],
    ['health_insurance', 'Health insurance'],
    ['deposit', 'Fixed deposit'],
    ['bond', 'Bonds'],
    ['pension', 'Pension'],
    ['other', 'Other']
  ]
} as const;
