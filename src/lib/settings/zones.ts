/** Places whose zone JavaScript still lists under a name of old. */
const RENAMED: Record<string, string> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Godthab': 'America/Nuuk',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk'
};

/** Every time zone of the IANA database by its name of today, `Asia/Kolkata`, and `UTC`. */
export function timeZones(): string[] {
  const names = Intl.supportedValuesOf('timeZone').map((name) => RENAMED[name] ?? name);
  return [...new Set([...names, 'UTC'])].sort();
}

/** True for any name of a time zone, old ones too; offsets such as `+05:30` are no zones. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

const LANGUAGES = ['en-IN', 'hi-IN', 'en-GB', 'en-US', 'en-AU', 'en-CA', 'en-IE', 'en-NZ', 'en-SG', 'en-ZA'];
const OTHERS = ['de-AT', 'de-CH', 'de-DE', 'es-ES', 'es-MX', 'fr-CA', 'fr-FR', 'it-IT', 'ja-JP', 'nl-NL'];
const MORE = ['pl-PL', 'pt-BR', 'pt-PT', 'sv-SE', 'tr-TR', 'da-DK', 'fi-FI', 'nb-NO', 'cs-CZ', 'ar-AE'];

/** How dates and numbers may be written. */
export const LOCALES: readonly string[] = [...LANGUAGES, ...OTHERS, ...MORE];

/** `English (India)`. */
export const localeName = (locale: string): string =>
  new Intl.DisplayNames(['en'], { type: 'language', languageDisplay: 'standard' }).of(locale) ?? locale;

/** `Indian Rupee`. */
export const currencyName = (currency: string): string =>
  new Intl.DisplayNames(['en'], { type: 'currency' }).of(currency) ?? currency;

const USUAL = ['INR', 'USD', 'EUR', 'GBP', 'AED', 'SGD'];

/** Every currency by its code, the usual ones first. */
export const currencies = (): string[] => [...new Set([...USUAL, ...Intl.supportedValuesOf('currency')])];

export const isCurrency = (code: string): boolean => /^[A-Z]{3}$/.test(code) && currencies().includes(code);
