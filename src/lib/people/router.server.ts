import { can, router, signedIn } from '#lib/platform/trpc/builder.server.ts';
import { listPeopleInput, listTeamsInput, peopleOptionsInput } from './model.ts';
import { listPeople, listTeams, peopleOptions } from './reads.server.ts';

export const peopleRouter = router({
  list: can('people.view')
    .input(listPeopleInput)
    .query(({ ctx, input }) => listPeople(ctx.tx, input)),
  options: signedIn()
    .input(peopleOptionsInput)
    .query(({ ctx, input }) => peopleOptions(ctx.tx, ctx.actor, input))
});

export const teamsRouter = router({
  list: signedIn()
    .input(listTeamsInput)
    .query(({ ctx, input }) => listTeams(ctx.tx, input))
});
