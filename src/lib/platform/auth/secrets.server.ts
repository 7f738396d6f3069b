import { createHash, randomBytes } from 'node:crypto';

/** What is stored of a session id or an invitation's token. Both are random, so a plain hash is enough. */
export const sha256 = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** A secret that cannot be guessed, safe in an address. */
export const randomToken = () => randomBytes(32).toString('base64url');
