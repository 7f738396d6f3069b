import { actorOf } from '#lib/platform/auth/actor.server.ts';
import type { Actor } from '#lib/platform/auth/permissions.ts';
import { asActor } from '#lib/platform/db/transactions.server.ts';
import { inputFor } from '../visitors.ts';
import { CALLS } from './calls.ts';
import { drive } from './pace.ts';
import { answerTasks, nextUnique } from './task.ts';

// The same work in the same leased transaction, without HTTP, the session check, tRPC and JSON.
answerTasks(async (task) => {
  const work = CALLS[task.area];
  if (!work) throw new Error(`Nothing to call for ${task.area}`);
  const people: Actor[] = [];
  for (const { userId } of task.visitors) people.push(await actorOf(userId));
  const readOnly = task.kind === 'query';
  return drive({
    ...task,
    call: async (connection, n) => {
      const at = connection % task.visitors.length;
      const [actor, visitor] = [people[at], task.visitors[at]];
      if (!actor || !visitor) throw new Error('Nobody is there');
      const input = inputFor(task, visitor, n, nextUnique());
      await asActor(actor, (tx) => work(tx, actor, input), { readOnly });
      return 0;
    }
  });
});
