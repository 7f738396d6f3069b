import { admin } from './expectations/admin.ts';
import { auth } from './expectations/auth.ts';
import { catalogue } from './expectations/catalogue.ts';
import { clients } from './expectations/clients.ts';
import { clocks } from './expectations/clocks.ts';
import { comments, queries, requests, requestTypes } from './expectations/desk.ts';
import { digests } from './expectations/digests.ts';
import { exports } from './expectations/exports.ts';
import { handover } from './expectations/handover.ts';
import { holdings } from './expectations/holdings.ts';
import { duplicates } from './expectations/duplicates.ts';
import { home } from './expectations/home.ts';
import { interactions } from './expectations/interactions.ts';
import { leads } from './expectations/leads.ts';
import { people } from './expectations/people.ts';
import { calendars, policies } from './expectations/policies.ts';
import { search } from './expectations/search.ts';
import { settings } from './expectations/settings.ts';
import { views } from './expectations/views.ts';
import type { Expectations } from './expectations/letters.ts';

export type { Expectation } from './expectations/letters.ts';

/** What every procedure answers to whom: a file for each domain. */
export const EXPECTATIONS: Expectations = {
  ...admin,
  ...auth,
  ...calendars,
  ...catalogue,
  ...clients,
  ...clocks,
  ...comments,
  ...digests,
  ...duplicates,
  ...handover,
  ...exports,
  ...holdings,
  ...home,
  ...interactions,
  ...leads,
  ...people,
  ...policies,
  ...queries,
  ...requests,
  ...requestTypes,
  ...search,
  ...settings,
  ...views
};
