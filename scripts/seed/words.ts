/** What the demo firm is made of. People and companies are invented. */

export const STAFF = {
  administrator: 'Meera Iyer',
  teams: [
    {
      name: 'Mumbai relationships',
      function: 'rm',
      region: 'West',
      head: 'Arjun Mehta',
      members: ['Kavya Nair', 'Rohan Desai', 'Sneha Kulkarni']
    },
    {
      name: 'Bengaluru relationships',
      function: 'rm',
      region: 'South',
      head: 'Lakshmi Rao',
      members: ['Vikram Shetty', 'Ananya Reddy', 'Karthik Menon']
    },
    {
      name: 'Client operations',
      function: 'ops',
      region: null,
      head: 'Farah Khan',
      members: ['Imran Sheikh', 'Pooja Verma', 'Dinesh Pillai']
    }
  ]
} as const;

export const FIRST_NAMES = [
  'Aditya',
  'Nisha',
  'Rahul',
  'Priya',
  'Sanjay',
  'Deepa',
  'Manish',
  'Ritu',
  'Suresh',
  'Asha',
  'Gaurav',
  'Leela',
  'Nikhil',
  'Sunita',
  'Harish',
  'Tara',
  'Vivek',
  'Shalini',
  'Ashok',
  'Divya',
  'Prakash',
  'Neha',
  'Ramesh',
  'Geeta'
];
export const LAST_NAMES = [
  'Sharma',
  'Patel',
  'Joshi',
  'Chopra',
  'Banerjee',
  'Kapoor',
  'Naidu',
  'Bhatt',
  'Ghosh',
  'Malhotra',
  'Saxena',
  'Pillai',
  'Hegde',
  'Trivedi',
  'Bose',
  'Gokhale',
  'Fernandes',
  'Agarwal',
  'Kulkarni',
  'Sethi'
];
export const COMPANIES = [
  'Sahyadri Textiles Pvt Ltd',
  'Konkan Foods Pvt Ltd',
  'Nilgiri Instruments Ltd',
  'Deccan Packaging Ltd',
  'Ashoka Transport Services',
  'Vindhya Consulting LLP'
];
export const CITIES = [
  ['Mumbai', 'Maharashtra'],
  ['Pune', 'Maharashtra'],
  ['Bengaluru', 'Karnataka'],
  ['Mysuru', 'Karnataka'],
  ['Chennai', 'Tamil Nadu']
] as const;
export const TAGS = ['NRI', 'retired', 'business owner', 'doctor', 'first home', 'SIP only'];

/** Name, kind, category, price, net asset value. */
export const PRODUCTS = [
  ['Bluewater Large Cap Fund, growth', 'scheme', 'mutual_fund', null, '84.2150'],
  ['Bluewater Flexi Cap Fund, growth', 'scheme', 'mutual_fund', null, '61.0733'],
  ['Northstar Short Duration Fund', 'scheme', 'mutual_fund', null, '29.4418'],
  ['Northstar Liquid Fund', 'scheme', 'mutual_fund', null, '3120.5527'],
  ['Terra Balanced Advantage Fund', 'scheme', 'mutual_fund', null, '42.9901'],
  ['Terra Tax Saver Fund', 'scheme', 'mutual_fund', null, '118.3642'],
  ['Safeguard Term Life 1 crore', 'policy', 'life_insurance', '18500.00', null],
  ['Safeguard Family Health 10 lakh', 'policy', 'health_insurance', '24200.00', null],
  ['Portfolio management, core equity', 'other', 'portfolio', '5000000.00', null],
  ['Sovereign gold bond', 'deposit', 'bond', '7200.00', null]
] as const;

/** Purpose, channel, direction, subject. */
export const TALKS = [
  ['general', 'call', 'outbound', 'Quarterly check-in'],
  ['general', 'whatsapp', 'inbound', 'Asked for the latest statement'],
  ['general', 'in_person', 'outbound', 'Met at the office with family'],
  ['general', 'email', 'inbound', 'Sent signed forms'],
  ['general', 'call', 'inbound', 'Asked about the market fall'],
  ['portfolio_review', 'in_person', 'outbound', 'Half-yearly portfolio review'],
  ['portfolio_review', 'video', 'outbound', 'Portfolio review over video'],
  ['general', 'note', 'internal', 'Prefers calls after six in the evening']
] as const;

export const QUESTIONS = [
  'Why did the SIP debit twice this month?',
  'Capital gains statement for the last year',
  'Is the exit load waived after one year?',
  'Nominee still shows the old name',
  'Difference between growth and dividend plans',
  'Tax on switching between funds',
  'When is the next premium due?',
  'Folio not visible in the app'
];

export const GIVERS = [
  'Met at an investor evening',
  'Old colleague of the client',
  'Society newsletter',
  'Website form',
  'Walk-in'
];

/** What portfolio reviews found. */
export const FINDINGS = [
  'Equity has grown to three quarters of the portfolio. Agreed to book some profit and move it to a short duration fund.',
  'Emergency money sits in a savings account. Suggested a liquid fund for six months of expenses.',
  'Two schemes do the same. The smaller one is kept running until its exit load ends.',
  'Cover has not kept up with income. Wants a term plan quote before the next review.',
  'On track for the house in 2031. Instalments go up by a tenth from April.'
];

export const REMARKS = {
  asked: [
    'The client would like this before the end of the month.',
    'Original forms are with me, I bring them on Monday.',
    'Please call me before you call the client.'
  ],
  answered: [
    'Forms checked, all complete.',
    'Sent on today, tracking number is on file.',
    'Thank you, noted.'
  ]
};

/** Owner, list, name, the list's parameters, and whether the team has it too. */
export const VIEWS = [
  ['Arjun Mehta', 'leads', 'Above 10 lakh', 'status=wip&valueFrom=1000000&sort=-value', true],
  ['Arjun Mehta', 'clients', 'Not spoken to', 'attention=urgent', true],
  ['Kavya Nair', 'leads', 'Follow up this week', 'followUp=week', false],
  ['Kavya Nair', 'clients', 'Reviews coming up', 'reviewDue=soon', false],
  ['Farah Khan', 'requests', 'Late', 'due=overdue', true]
] as const;

/** What was said with people who may become clients. */
export const LEAD_TALKS = [
  'Wants to start a SIP, compares two funds',
  'Asked for a term insurance quote',
  'Will talk it over with the family',
  'Asked what documents are needed',
  'Interested after the tax season'
];
