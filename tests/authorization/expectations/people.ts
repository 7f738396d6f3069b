import type { TestFirm } from '../../support/firm.ts';
import { acting, byId, free, fresh, on, type Expectations } from './letters.ts';

const person = (firm: TestFirm) => ({
  name: 'Nina New',
  email: `nina${fresh()}@firm.test`,
  phone: null,
  extension: null,
  roleId: firm.roleIds.rm_executive,
  teamIds: [firm.teams.rm],
  mainTeamId: null,
  assessment: false,
  timeZone: null,
  language: 'en'
});
const team = () => ({ name: `Team of ${fresh()}`, function: 'rm', headId: null, region: null });
const role = () => ({ name: `Role of ${fresh()}`, level: 2, grants: { leads: { view: 'own' } } });
const MINTED = { minted: true };
const version = { version: 1 };

export const people: Expectations = {
  'people.list': free('o o o o'),
  'people.options': free('o o o o'),
  'people.me': free('o o o o'),
  'people.byId': on('user', 'ooon ooon ooon ooon', byId),
  'people.roles': free('f f f o'),
  'people.create': free('f f f o', (_, firm) => person(firm)),
  'people.update': on(
    'user',
    'ffff ffff ffff ooon',
    ({ id }, firm) => ({ ...person(firm), ...version, id }),
    MINTED
  ),
  'people.invite': on('user', 'ffff ffff ffff ooon', byId, MINTED),
  'people.withdrawInvitation': on('user', 'ffff ffff ffff rrrn', byId, MINTED),
  'people.resetPassword': on('user', 'ffff ffff ffff rrrn', byId, MINTED),
  'people.endSessions': on('user', 'ffff ffff ffff ooon', byId, MINTED),
  'people.setLeave': on(
    'user',
    'offn offn oofn ooon',
    acting({ ...version, leaveFrom: '2099-01-04', leaveTo: '2099-01-08', substituteId: null })
  ),
  'people.updateProfile': on('user', 'offn offn offn ooon', ({ id }) => ({
    ...version,
    id,
    phone: '+91 98200 00001',
    extension: null,
    timeZone: null,
    language: 'en',
    digestAt: '08:30',
    digest: true,
    weeklyDigest: true
  })),
  'people.work': on('user', 'ffff ffff ffff ooon', byId, MINTED),
  'people.reactivate': on('user', 'ffff ffff ffff rrrn', acting(version), MINTED),

  'teams.list': free('o o o o'),
  'teams.byId': on('team', 'ooon ooon ooon ooon', byId),
  'teams.heads': free('f f f o'),
  'teams.work': on('team', 'ffff ffff ffff oooo', byId),
  'teams.create': free('f f f o', team),
  'teams.update': on('team', 'ffff ffff ffff ooon', ({ id }) => ({ ...team(), ...version, id })),
  'teams.remove': on('team', 'ffff ffff ffff ooon', acting(version)),
  'teams.addMember': on('team', 'ffff ffff ffff ooon', ({ id }, firm) => ({
    teamId: id,
    userId: firm.rm2.userId
  })),
  'teams.removeMember': on('team', 'ffff ffff ffff nnnn', ({ id }, firm) => ({
    teamId: id,
    userId: firm.rm2.userId
  })),

  'roles.list': free('f f f o'),
  'roles.byId': on('role', 'ffff ffff ffff ooon', byId),
  'roles.create': free('f f f o', role),
  'roles.update': on('role', 'ffff ffff ffff ooon', ({ id }) => ({ ...role(), ...version, id })),
  'roles.reset': on('role', 'ffff ffff ffff rrrn', acting(version)),
  'roles.remove': on('role', 'ffff ffff ffff ooon', acting(version)),
  'roles.previewPerson': free('f f f o', (_, firm) => ({ userId: firm.rm2.userId })),
  'roles.previewRole': on('role', 'ffff ffff ffff ooon', ({ id }, firm) => ({
    roleId: id,
    teamId: firm.teams.rm
  }))
};
