import { authRouter } from '#lib/platform/auth/router.server.ts';
import { homeRouter } from '#lib/home/router.server.ts';
import { notificationsRouter } from '#lib/notifications/router.server.ts';
import { peopleRouter, teamsRouter } from '#lib/people/router.server.ts';
import { reportsRouter } from '#lib/reports/router.server.ts';
import { settingsRouter } from '#lib/settings/router.server.ts';
import { router } from '#lib/platform/trpc/builder.server.ts';

/** Every procedure there is, by domain. */
export const appRouter = router({
  auth: authRouter,
  home: homeRouter,
  notifications: notificationsRouter,
  people: peopleRouter,
  reports: reportsRouter,
  settings: settingsRouter,
  teams: teamsRouter
});

export type AppRouter = typeof appRouter;
