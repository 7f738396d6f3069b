import { can, router, signedIn } from '#lib/platform/trpc/builder.server.ts';
import { endSessions, invite, resetPassword, withdrawInvitation } from './links.server.ts';
import { setLeave, updateProfile } from './leave.server.ts';
import { listTeamsInput, peopleOptionsInput } from './model.ts';
import { createPerson, updatePerson } from './person-commands.server.ts';
import { personById } from './person.server.ts';
import { listPeople, listTeams, peopleOptions } from './reads.server.ts';
import { createRole, removeRole, resetRole, updateRole } from './role-commands.server.ts';
import { createRoleInput, noInput, roleInput, updateRoleInput, versionedRoleInput } from './role-inputs.ts';
import { listRoles, roleById } from './role-reads.server.ts';
import { addMember, createTeam, removeMember, removeTeam, updateTeam } from './team-commands.server.ts';
import { createTeamInput, memberInput, removeTeamInput, teamInput, updateTeamInput } from './team-inputs.ts';
import { possibleHeads, teamById, workOfTeam } from './team-reads.server.ts';
import {
  createPersonInput,
  leaveInput,
  listPeopleInput,
  personInput,
  profileInput,
  updatePersonInput,
  versionedPersonInput
} from './user-inputs.ts';
import { reactivatePerson, workOf } from './work.server.ts';

export const peopleRouter = router({
  list: can('people.view')
    .input(listPeopleInput)
    .query(({ ctx, input }) => listPeople(ctx.tx, ctx.actor, input)),
  options: signedIn()
    .input(peopleOptionsInput)
    .query(({ ctx, input }) => peopleOptions(ctx.tx, ctx.actor, input)),
  byId: can('people.view')
    .input(personInput)
    .query(({ ctx, input }) => personById(ctx.tx, ctx.actor, input.id)),
  /** The roles there are, and which of them the actor may give. */
  roles: can('admin.users')
    .input(noInput)
    .query(({ ctx }) => listRoles(ctx.tx, ctx.actor)),
  create: can('admin.users')
    .input(createPersonInput)
    .mutation(({ ctx, input }) => createPerson(ctx.tx, ctx.actor, input)),
  update: can('admin.users')
    .input(updatePersonInput)
    .mutation(({ ctx, input }) => updatePerson(ctx.tx, ctx.actor, input)),
  invite: can('admin.users')
    .input(personInput)
    .mutation(({ ctx, input }) => invite(ctx.tx, ctx.actor, input.id)),
  withdrawInvitation: can('admin.users')
    .input(personInput)
    .mutation(({ ctx, input }) => withdrawInvitation(ctx.tx, ctx.actor, input.id)),
  resetPassword: can('admin.users')
    .input(personInput)
    .mutation(({ ctx, input }) => resetPassword(ctx.tx, ctx.actor, input.id)),
  endSessions: can('admin.users')
    .input(personInput)
    .mutation(({ ctx, input }) => endSessions(ctx.tx, ctx.actor, input.id)),
  /** What somebody holds that another must take before he leaves. */
  work: can('admin.users')
    .input(personInput)
    .query(({ ctx, input }) => workOf(ctx.tx, ctx.actor, input.id)),
  reactivate: can('admin.users')
    .input(versionedPersonInput)
    .mutation(({ ctx, input }) => reactivatePerson(ctx.tx, ctx.actor, input)),
  setLeave: can('people.edit')
    .input(leaveInput)
    .mutation(({ ctx, input }) => setLeave(ctx.tx, ctx.actor, input)),
  me: signedIn()
    .input(noInput)
    .query(({ ctx }) => personById(ctx.tx, ctx.actor, ctx.actor.userId)),
  updateProfile: can('people.edit')
    .input(profileInput)
    .mutation(({ ctx, input }) => updateProfile(ctx.tx, ctx.actor, input))
});

export const teamsRouter = router({
  list: signedIn()
    .input(listTeamsInput)
    .query(({ ctx, input }) => listTeams(ctx.tx, input)),
  byId: signedIn()
    .input(teamInput)
    .query(({ ctx, input }) => teamById(ctx.tx, ctx.actor, input.id)),
  heads: can('admin.teams')
    .input(noInput)
    .query(({ ctx }) => possibleHeads(ctx.tx)),
  work: can('admin.teams')
    .input(teamInput)
    .query(({ ctx, input }) => workOfTeam(ctx.tx, input.id)),
  create: can('admin.teams')
    .input(createTeamInput)
    .mutation(({ ctx, input }) => createTeam(ctx.tx, ctx.actor, input)),
  update: can('admin.teams')
    .input(updateTeamInput)
    .mutation(({ ctx, input }) => updateTeam(ctx.tx, ctx.actor, input)),
  remove: can('admin.teams')
    .input(removeTeamInput)
    .mutation(({ ctx, input }) => removeTeam(ctx.tx, ctx.actor, input)),
  addMember: can('admin.teams')
    .input(memberInput)
    .mutation(({ ctx, input }) => addMember(ctx.tx, ctx.actor, input.teamId, input.userId)),
  removeMember: can('admin.teams')
    .input(memberInput)
    .mutation(({ ctx, input }) => removeMember(ctx.tx, ctx.actor, input.teamId, input.userId))
});

export const rolesRouter = router({
  list: can('admin.roles')
    .input(noInput)
    .query(({ ctx }) => listRoles(ctx.tx, ctx.actor)),
  byId: can('admin.roles')
    .input(roleInput)
    .query(({ ctx, input }) => roleById(ctx.tx, ctx.actor, input.id)),
  create: can('admin.roles')
    .input(createRoleInput)
    .mutation(({ ctx, input }) => createRole(ctx.tx, ctx.actor, input)),
  update: can('admin.roles')
    .input(updateRoleInput)
    .mutation(({ ctx, input }) => updateRole(ctx.tx, ctx.actor, input)),
  reset: can('admin.roles')
    .input(versionedRoleInput)
    .mutation(({ ctx, input }) => resetRole(ctx.tx, ctx.actor, input)),
  remove: can('admin.roles')
    .input(versionedRoleInput)
    .mutation(({ ctx, input }) => removeRole(ctx.tx, ctx.actor, input))
});
