import { byId, free, on, type Expectations } from './letters.ts';

export const handover: Expectations = {
  'handover.preview': free('f f o o', (_, firm) => ({
    fromId: firm.rm.userId,
    toIds: [firm.rm2.userId],
    parts: ['contacts']
  })),
  // There is nothing to hand over.
  'handover.carryOut': free('f f r r', (_, firm) => ({
    fromId: firm.rm2.userId,
    toIds: [firm.rm.userId],
    parts: ['contacts'],
    token: 'f'.repeat(64)
  })),
  'handover.list': free('f f o o'),
  'handover.byId': on('handover', 'onnn onnn oonn ooon', byId),
  'handover.undo': on('handover', 'ffff ffff oonn ooon', byId),
  'handover.deactivate': on('user', 'ffff ffff ffff ooon', ({ id }) => ({ id, version: 1, toIds: [] }), {
    minted: true
  })
};
