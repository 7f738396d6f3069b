import { adminRouter } from '#lib/admin/router.server.ts';
import { authRouter } from '#lib/platform/auth/router.server.ts';
import { catalogueRouter } from '#lib/catalogue/router.server.ts';
import { clientsRouter } from '#lib/clients/router.server.ts';
import { clocksRouter } from '#lib/clocks/router.server.ts';
import {
  commentsRouter,
  queriesRouter,
  requestsRouter,
  requestTypesRouter
} from '#lib/desk/router.server.ts';
import { digestsRouter } from '#lib/digests/router.server.ts';
import { duplicatesRouter } from '#lib/duplicates/router.server.ts';
import { exportsRouter } from '#lib/exports/router.server.ts';
import { handoverRouter } from '#lib/handover/router.server.ts';
import { holdingsRouter } from '#lib/holdings/router.server.ts';
import { homeRouter } from '#lib/home/router.server.ts';
import { contactRouter, interactionsRouter } from '#lib/interactions/router.server.ts';
import { leadsRouter } from '#lib/leads/router.server.ts';
import { notificationsRouter } from '#lib/notifications/router.server.ts';
import { peopleRouter, rolesRouter, teamsRouter } from '#lib/people/router.server.ts';
import { calendarsRouter, policiesRouter } from '#lib/policies/router.server.ts';
import { previewsRouter } from '#lib/previews/router.server.ts';
import { reportsRouter } from '#lib/reports/router.server.ts';
import { reviewsRouter } from '#lib/reviews/router.server.ts';
import { searchRouter } from '#lib/search/router.server.ts';
import { settingsRouter } from '#lib/settings/router.server.ts';
import { viewsRouter } from '#lib/views/router.server.ts';
import { mergeRouters, router } from '#lib/platform/trpc/builder.server.ts';

/** Every procedure there is, by domain. */
export const appRouter = router({
  admin: adminRouter,
  auth: authRouter,
  calendars: calendarsRouter,
  catalogue: catalogueRouter,
  clients: mergeRouters(clientsRouter, contactRouter),
  clocks: clocksRouter,
  comments: commentsRouter,
  digests: digestsRouter,
  duplicates: duplicatesRouter,
  exports: exportsRouter,
  handover: handoverRouter,
  holdings: holdingsRouter,
  home: homeRouter,
  interactions: interactionsRouter,
  leads: leadsRouter,
  notifications: notificationsRouter,
  people: peopleRouter,
  policies: policiesRouter,
  queries: queriesRouter,
  reports: reportsRouter,
  requests: requestsRouter,
  requestTypes: requestTypesRouter,
  reviews: reviewsRouter,
  roles: mergeRouters(rolesRouter, previewsRouter),
  search: searchRouter,
  settings: settingsRouter,
  teams: teamsRouter,
  views: viewsRouter
});

export type AppRouter = typeof appRouter;
