import { byId, free, type Expectations } from './letters.ts';

export const admin: Expectations = {
  'admin.audit.list': free('f f f o'),
  'admin.audit.people': free('f f f o'),
  'admin.audit.byId': free('f f f n', byId),
  'admin.jobs.list': free('f f f o'),
  'admin.jobs.runs': free('f f f o'),
  'admin.jobs.queues': free('f f f o'),
  'admin.jobs.run': free('f f f o', () => ({ name: 'housekeeping' })),
  'admin.jobs.retry': free('f f f n', byId),
  'admin.jobs.discard': free('f f f n', byId),
  'admin.outbox.list': free('f f f o'),
  'admin.outbox.byId': free('f f f n', byId),
  'admin.outbox.sendAgain': free('f f f n', byId)
};
