const BROWSERS: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari']
];

const SYSTEMS: [RegExp, string][] = [
  [/Android/, 'Android'],
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux']
];

/** A user agent in words that people know: `Firefox on Windows`. */
export function browserOf(userAgent: string | null): { name: string; phone: boolean } {
  const agent = userAgent ?? '';
  const nameIn = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(agent))?.[1];
  const browser = nameIn(BROWSERS) ?? 'A program';
  const system = nameIn(SYSTEMS);
  return { name: system ? `${browser} on ${system}` : browser, phone: /Mobile|Android|iPhone/.test(agent) };
}
