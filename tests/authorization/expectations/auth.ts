import { free, fresh, open, type Expectations } from './letters.ts';

export const auth: Expectations = {
  'auth.login': open('u', 'u u u u', () => ({
    email: `nobody${fresh()}@firm.test`,
    password: 'wrong wrong wrong'
  })),
  'auth.logout': open('o', 'o o o o', () => undefined),
  'auth.invitation': open('n', 'n n n n', () => ({ token: 'x'.repeat(43) })),
  'auth.acceptInvitation': open('n', 'n n n n', () => ({
    token: 'x'.repeat(43),
    password: 'correct horse battery'
  })),
  'auth.me': free('o o o o', () => undefined),
  'auth.changePassword': free('r r r r', () => ({ current: 'wrong', password: 'correct horse battery' })),
  'auth.sessions.list': free('o o o o', () => undefined),
  'auth.sessions.revoke': free('n n n n', () => ({ id: '0'.repeat(64) }))
};
