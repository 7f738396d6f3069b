import { z } from 'zod';
import { LOCALES, isCurrency, isTimeZone } from './zones.ts';

const version = z.number().int().positive();

export const firmInput = z.strictObject({}).optional();

export const updateFirmInput = z.strictObject({
  version,
  name: z.string().trim().min(1, 'Please give the firm a name').max(100),
  timeZone: z.string().trim().max(60).refine(isTimeZone, 'Choose a time zone of the list, like Asia/Kolkata'),
  currency: z.string().trim().refine(isCurrency, 'Choose a currency of the list'),
  locale: z.string().refine((name) => LOCALES.includes(name), 'Choose one of the list'),
  clientWord: z.enum(['client', 'customer']),
  promiseWord: z.enum(['TAT', 'SLA']),
  panCompulsory: z.boolean()
});

/** A picture as base64; 512 kB of it are 700,000 characters. */
export const setLogoInput = z.strictObject({ version, data: z.base64().min(1).max(700_000) });
export const removeLogoInput = z.strictObject({ version });
export const logoInput = z.strictObject({ hash: z.string().regex(/^[0-9a-f]{16}$/) });

export type UpdateFirmInput = z.output<typeof updateFirmInput>;
export type SetLogoInput = z.output<typeof setLogoInput>;
