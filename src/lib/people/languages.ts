/** Languages colleagues speak with clients, by their codes. */
export const LANGUAGES = {
  en: 'English',
  as: 'Assamese',
  bn: 'Bengali',
  gu: 'Gujarati',
  hi: 'Hindi',
  kn: 'Kannada',
  ml: 'Malayalam',
  mr: 'Marathi',
  or: 'Odia',
  pa: 'Punjabi',
  ta: 'Tamil',
  te: 'Telugu',
  ur: 'Urdu',
  ar: 'Arabic',
  de: 'German',
  es: 'Spanish',
  fr: 'French'
} as const;

export type Language = keyof typeof LANGUAGES;

export const LANGUAGE_CODES = Object.keys(LANGUAGES) as [Language, ...Language[]];

export const languageName = (code: string): string => (LANGUAGES as Record<string, string>)[code] ?? code;
