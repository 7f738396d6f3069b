import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { getConfig } from '#lib/platform/config.ts';

/** A PAN as it is stored: columns of a client. */
export interface SealedPan {
  panCipher: string;
  panIndex: string;
  panLast4: string;
  panKeyVersion: number;
}

const KEY_VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const keys = new Map<string, Buffer>();

function derivedKey(purpose: string): Buffer {
  const master = getConfig().key;
  const name = `${purpose} ${master.toString('hex')}`;
  const known = keys.get(name);
  if (known) return known;
  const key = Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `rapport ${purpose}`, 32));
  keys.set(name, key);
  return key;
}

const encryptionKey = () => derivedKey(`pan encryption v${KEY_VERSION}`);

/** Keyed HMAC of a PAN: equal for equal PANs, of no use without the key. */
export function panIndexOf(pan: string): string {
  return createHmac('sha256', derivedKey('pan index v1')).update(pan).digest('hex');
}

/** Encrypts a normalised PAN. `panRef` binds the text to its client: moved to another one it does not open. */
export function sealPan(pan: string, panRef: string): SealedPan {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', encryptionKey(), nonce);
  cipher.setAAD(Buffer.from(panRef));
  const sealed = Buffer.concat([nonce, cipher.update(pan, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    panCipher: sealed.toString('base64'),
    panIndex: panIndexOf(pan),
    panLast4: pan.slice(-4),
    panKeyVersion: KEY_VERSION
  };
}

/** Decrypts what `sealPan` wrote. Throws when text, reference or key do not belong together. */
export function openPan(sealed: { panCipher: string; panRef: string; panKeyVersion: number | null }): string {
  if (sealed.panKeyVersion !== KEY_VERSION)
    throw new Error('The PAN was sealed with a key that is not known');
  const bytes = Buffer.from(sealed.panCipher, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', encryptionKey(), bytes.subarray(0, NONCE_BYTES));
  decipher.setAAD(Buffer.from(sealed.panRef));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  return text.toString('utf8');
}
