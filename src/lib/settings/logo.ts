import { LOGO_TYPES, type LogoType } from './model.ts';

/** The largest picture that is taken, in bytes. */
export const MOST_LOGO_BYTES = 512 * 1024;

const SIGNATURES: Record<LogoType, (bytes: Uint8Array) => boolean> = {
  'image/png': (bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  'image/jpeg': (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]),
  'image/webp': (bytes) => latin(bytes, 0) === 'RIFF' && latin(bytes, 8) === 'WEBP'
};

const startsWith = (bytes: Uint8Array, start: number[]) => start.every((byte, at) => bytes[at] === byte);
const latin = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));

/** The kind of picture by its first bytes, whatever it was called; undefined for anything else, SVG too. */
export const logoTypeOf = (bytes: Uint8Array): LogoType | undefined =>
  LOGO_TYPES.find((type) => SIGNATURES[type](bytes));
