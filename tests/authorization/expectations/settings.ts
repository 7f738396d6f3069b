import { acting, free, fresh, on, open, type Expectations } from './letters.ts';

const text = (bytes: string) => Buffer.from(bytes).toString('base64');

export const settings: Expectations = {
  'settings.lists': free('o o o o'),
  'settings.brand': open('o', 'o o o o', () => ({})),
  'settings.logo': open('n', 'n n n n', () => ({ hash: '0'.repeat(16) })),
  'settings.firm': free('f f f o'),
  // The one row is changed under its version, which no input can know: who may gets as far as a rule.
  'settings.updateFirm': free('f f f r', () => ({
    version: 1,
    name: 'Test firm',
    timeZone: 'asia/kolkata',
    currency: 'INR',
    locale: 'en-IN',
    clientWord: 'client',
    promiseWord: 'TAT',
    panCompulsory: true
  })),
  'settings.setLogo': free('f f f r', () => ({ version: 1, data: text('GIF89a') })),
  'settings.removeLogo': free('f f f r', () => ({ version: 1 })),
  'settings.managedLists': free('f f f o'),
  'settings.addItem': free('f f f o', () => ({ list: 'denial_reason', label: `Reason ${fresh()}` })),
  'settings.renameItem': on('listItem', 'ffff ffff ffff ooon', ({ id }) => ({
    id,
    version: 1,
    label: `Reason ${fresh()}`
  })),
  'settings.moveItem': on('listItem', 'ffff ffff ffff ooon', acting({ to: 0 })),
  'settings.setItemActive': on('listItem', 'ffff ffff ffff ooon', acting({ version: 1, active: false })),
  'settings.removeItem': on('listItem', 'ffff ffff ffff ooon', acting({ version: 1 }))
};
