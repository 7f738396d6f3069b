import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor, Permission } from '#lib/platform/auth/permissions.ts';
import { closeDatabase } from '#lib/platform/db/transactions.server.ts';
import { useTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeFirm, type TestFirm } from '../support/firm.ts';
import { answerTo, procedures, type Answer } from './answers.ts';
import { EXPECTATIONS } from './expectations.ts';
import { ALONG, narrows, namedBy } from './id-fields.ts';
import { inputOf, leavesOf, withAt, type Path } from './inputs.ts';
import { actorNamed, mint, MISSING, type ActorName, type Kind } from './world.ts';

/** Nothing is hidden from administrators. */
const PEOPLE = ['executive', 'ops', 'head'] as const;

interface Trial {
  procedure: string;
  type: 'query' | 'mutation';
  path: Path;
  kind: Kind;
}

const trials: Trial[] = procedures.flatMap(([procedure, { _def }]) => {
  const schema = inputOf({ _def });
  return (schema ? leavesOf(schema) : [])
    .filter(({ type }) => type === 'number')
    .map(({ path }) => ({ procedure, type: _def.type, path, kind: namedBy(procedure, path) }))
    .filter((trial): trial is Trial => trial.kind !== 'public' && trial.kind !== 'nothing');
});

let database: TestDatabase;
let firm: TestFirm;

beforeAll(async () => {
  database = await useTestDatabase();
  firm = await makeFirm();
});

afterAll(async () => {
  await closeDatabase();
  await database.drop();
});

/** Heads see every request; operations open requests for any client, whom they find by name and number. */
const hidesNothing = ({ procedure, kind }: Trial, name: ActorName) =>
  (name === 'head' && kind === 'request') ||
  (name === 'ops' && kind === 'client' && procedure === 'requests.open');

/**
 * Whoever may do it with a record of his own, and does not see everybody's. What is left to administrators is tried by
 * an executive of a role of the firm's own that may do it too.
 */
function whoCan(trial: Trial): ActorName[] {
  const able = PEOPLE.filter((name) => /^[or]/.test(EXPECTATIONS[trial.procedure]?.cells[name] ?? ''));
  const onlyAdministrators = able.length === 0 && trial.kind !== 'request';
  return onlyAdministrators ? ['executive'] : able.filter((name) => !hidesNothing(trial, name));
}

function actorFor({ procedure }: Trial, name: ActorName): Actor {
  const actor = actorNamed(firm, name);
  const permission = procedures.find(([path]) => path === procedure)?.[1]._def.meta?.permission as Permission;
  return actor.grants[permission] ? actor : { ...actor, grants: { ...actor.grants, [permission]: 'all' } };
}

async function answers(trial: Trial, name: ActorName) {
  const { procedure, path, kind } = trial;
  const expected = EXPECTATIONS[procedure];
  if (!expected) throw new Error(`${procedure} has no expectations`);
  const own = await mint(firm, expected.kind, name, 'own', expected.state);
  const input = {
    ...(expected.input(own, firm) as object),
    ...ALONG[`${procedure} ${path.join('.')}`]?.(firm)
  };
  const another = await mint(firm, kind, name, 'other');
  const actor = actorFor(trial, name);
  const hidden = await answerTo(actor, procedure, withAt(input, path, another.id));
  const missing = await answerTo(actor, procedure, withAt(input, path, MISSING.id));
  return { hidden: without(hidden, another.id), missing: without(missing, MISSING.id) };
}

/** An export is a mutation, since it is written down, and yet only reads: of what is hidden the file is empty. */
const isExport = ({ procedure }: Trial) => procedure.startsWith('exports.');

/** The name of a file that waits to be fetched is new every time. */
const nameless = ({ letter, body }: Answer): Answer => ({
  letter,
  body: body.replace(/"id":"[0-9a-f-]{36}"/, '"id":""')
});

/** An answer may repeat what was asked for, as an id or as the number made of it. */
const without = ({ letter, body }: Answer, asked: number): Answer => ({
  letter,
  body: body.replaceAll(new RegExp(`\\b0*${asked}\\b`, 'g'), '')
});

describe('an id in an input', () => {
  it('is looked at in every procedure', () => {
    process.stdout.write(`hidden ids: ${trials.length} fields\n`);
    expect(trials.length).toBeGreaterThan(50);
    const never = trials.filter((trial) => trial.kind !== 'request' && whoCan(trial).length === 0);
    expect(never).toEqual([]);
  });

  it.each(trials.map((trial) => [`${trial.procedure} ${trial.path.join('.')}`, trial] as const))(
    '%s: what is hidden is answered like what is missing',
    async (_name, trial) => {
      for (const name of whoCan(trial)) {
        const { hidden, missing } = await answers(trial, name);
        expect(missing.letter, `${name}: ${missing.body}`).toMatch(
          trial.type === 'query' || narrows(trial.path) || isExport(trial) ? /^[onr]$/ : /^[nfr]$/
        );
        expect(nameless(hidden), name).toEqual(nameless(missing));
      }
    }
  );

  it.each([
    ['reports.rows', { of: 'referrals' }],
    ['reports.referrals', {}]
  ])('%s: a giver who is hidden is answered like one who is missing', async (path, input) => {
    const { id: givenByClientId } = await mint(firm, 'client', 'executive', 'other');
    await mint(firm, 'lead', 'executive', 'own', { givenByClientId });
    const answered = async (actor: Actor, id: number) => {
      const { letter, body } = await answerTo(actor, path, { ...input, giver: `c${id}` });
      return { letter, body: body.replaceAll(`"giver":"c${id}"`, '') };
    };
    const whoSees = await answered(firm.admin, givenByClientId);
    expect(whoSees).not.toEqual(await answered(firm.admin, MISSING.id));
    expect(await answered(firm.rm, givenByClientId)).toEqual(await answered(firm.rm, MISSING.id));
  });
});
