import { endSession } from '#lib/platform/auth/adapter.server.ts';
import {
  acceptInvitation,
  changePassword,
  readInvitation,
  signIn,
  signOut
} from '#lib/platform/auth/commands.server.ts';
import {
  acceptInvitationInput,
  changePasswordInput,
  invitationInput,
  loginInput,
  revokeSessionInput
} from '#lib/platform/auth/model.ts';
import { readAccount } from '#lib/platform/auth/reads.server.ts';
import { listSessions } from '#lib/platform/auth/sessions.server.ts';
import { asGate, readAtGate } from '#lib/platform/db/transactions.server.ts';
import { NotFound, Unauthenticated } from '#lib/platform/errors.ts';
import { anyone, ownAccount, router } from '#lib/platform/trpc/builder.server.ts';
import type { Context } from '#lib/platform/trpc/context.server.ts';

function keep({ cookie }: Context, { id, expiresAt }: { id: string; expiresAt: Date }) {
  cookie.set(id, expiresAt);
  return { expiresAt };
}

export const authRouter = router({
  login: anyone()
    .input(loginInput)
    .mutation(async ({ ctx, input }) => keep(ctx, await signIn(input, ctx))),

  logout: anyone().mutation(async ({ ctx }) => {
    if (ctx.session && ctx.actor) await signOut(ctx.session.id, ctx.actor.userId);
    ctx.cookie.clear();
  }),

  me: ownAccount().query(async ({ ctx: { actor, session } }) => {
    const account = await readAtGate((tx) => readAccount(tx, actor.userId));
    if (!account) throw new Unauthenticated();
    const { userId, name, level, grants, capabilities, teamIds, headedTeamIds, seesAll } = actor;
    const { email, role, teams, firm } = account;
    const own = {
      userId,
      name,
      email,
      level,
      role,
      grants,
      capabilities,
      teams,
      teamIds,
      headedTeamIds,
      seesAll
    };
    return { ...own, firm, mustChangePassword: session.mustChangePassword };
  }),

  changePassword: ownAccount()
    .input(changePasswordInput)
    .mutation(({ ctx, input }) => changePassword(ctx.actor.userId, input, ctx.session.hash)),

  invitation: anyone()
    .input(invitationInput)
    .query(({ input }) => readInvitation(input.token)),

  acceptInvitation: anyone()
    .input(acceptInvitationInput)
    .mutation(async ({ ctx, input }) => keep(ctx, await acceptInvitation(input, ctx))),

  sessions: router({
    list: ownAccount().query(async ({ ctx }) => {
      const sessions = await readAtGate((tx) => listSessions(tx, ctx.actor.userId));
      return sessions.map((session) => ({ ...session, current: session.id === ctx.session.hash }));
    }),

    revoke: ownAccount()
      .input(revokeSessionInput)
      .mutation(async ({ ctx, input }) => {
        const ended = await asGate((tx) => endSession(tx, ctx.actor.userId, input.id));
        if (!ended) throw new NotFound();
        if (input.id === ctx.session.hash) ctx.cookie.clear();
      })
  })
});
