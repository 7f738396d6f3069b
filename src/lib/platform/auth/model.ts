import { z } from 'zod';

export const SESSION_COOKIE = 'rapport_session';

export const PASSWORD_LENGTH = { least: 10, most: 200 };

/** A password to be set; bounded, since hashing a very long one costs time. */
export const newPassword = z
  .string()
  .min(PASSWORD_LENGTH.least, `At least ${PASSWORD_LENGTH.least} characters`)
  .max(PASSWORD_LENGTH.most, `At most ${PASSWORD_LENGTH.most} characters`);

const presentPassword = z.string().min(1, 'Enter your password').max(PASSWORD_LENGTH.most);

export const loginInput = z.strictObject({
  email: z.string().trim().min(1, 'Enter your e-mail address').max(254),
  password: presentPassword
});

export const changePasswordInput = z.strictObject({
  current: presentPassword,
  password: newPassword
});

const token = z.string().min(20).max(100);

export const invitationInput = z.strictObject({ token });

export const acceptInvitationInput = z.strictObject({ token, password: newPassword });

/** A session's name in the list: the SHA-256 of its id in hex. */
export const revokeSessionInput = z.strictObject({ id: z.string().regex(/^[0-9a-f]{64}$/) });

/** How an e-mail address is compared and stored for sign-in. */
export const emailKey = (email: string) => email.trim().toLowerCase();
