/** What is known of how somebody comes in, without reading his credentials. */
export interface AccountFacts {
  invitedAt: Date | null;
  /** Key of the mail that is to bring the link, also while it waits to be sent. */
  invitationMail: string | null;
  invitationExpiresAt: Date | null;
  passwordSetAt: Date | null;
  lastSignInAt: Date | null;
}

export type AccountState = 'left' | 'joined' | 'sending' | 'invited' | 'expired' | 'uninvited';

export const ACCOUNT_STATES = {
  joined: 'Active',
  sending: 'Invitation on its way',
  invited: 'Invited',
  expired: 'Invitation ran out',
  uninvited: 'Not invited',
  left: 'Deactivated'
} as const satisfies Record<AccountState, string>;

export const ACCOUNT_TONES = {
  joined: 'good',
  sending: 'info',
  invited: 'info',
  expired: 'warn',
  uninvited: 'warn',
  left: 'neutral'
} as const satisfies Record<AccountState, string>;

type LinkFacts = Pick<AccountFacts, 'invitationMail' | 'invitationExpiresAt'>;

/** Where a link by mail stands; null where there is none. */
export function linkState(
  { invitationMail, invitationExpiresAt }: LinkFacts,
  now: Date
): 'sending' | 'invited' | 'expired' | null {
  if (invitationExpiresAt) return invitationExpiresAt > now ? 'invited' : 'expired';
  return invitationMail ? 'sending' : null;
}

/** How somebody's account stands; `account` is null for those who may only know whether he is active. */
export function accountState(active: boolean, account: AccountFacts | null, now: Date): AccountState {
  if (!active) return 'left';
  if (!account || account.passwordSetAt) return 'joined';
  return linkState(account, now) ?? 'uninvited';
}
