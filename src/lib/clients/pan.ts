import type { ClientKind } from './model.ts';

/** Three letters, the holder type, the initial of surname or name, four digits, a letter. */
const FORMAT = /^[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]$/;

const LETTER_OF_TYPE: Record<string, string> = {
  individual: 'P',
  minor: 'P',
  huf: 'H',
  company: 'C',
  firm: 'F',
  aop: 'A',
  boi: 'B',
  trust: 'T',
  government: 'G',
  local_authority: 'L',
  artificial: 'J'
};

const HOLDERS: Record<string, string> = {
  P: 'an individual',
  C: 'a company',
  H: 'an HUF',
  F: 'a firm or LLP',
  A: 'an AOP',
  B: 'a BOI',
  T: 'a trust',
  G: 'a government body',
  L: 'a local authority',
  J: 'an artificial juridical person'
};

const KIND_WORDS: Record<ClientKind, string> = {
  individual: 'An individual',
  organisation: 'An organisation'
};

export interface PanHolder {
  kind: ClientKind;
  type: string;
  name: string;
  /** `guardian`: a minor carries the guardian's PAN. */
  panHolder: 'self' | 'guardian';
  guardianName: string | null;
}

/** Capital letters, without spaces. */
export const normalisedPan = (text: string): string => text.replace(/\s+/g, '').toUpperCase();

/** What is wrong with a normalised PAN for this holder, as sentences; empty when it fits. */
export function panErrors(pan: string, holder: PanHolder): string[] {
  if (!FORMAT.test(pan)) return ['A PAN looks like ABCPK1234L'];
  const letter = pan.charAt(3);
  const fits = fittingLetters(holder);
  if (fits.includes(letter)) return [];
  if (fits.length === 0) return [`${KIND_WORDS[holder.kind]} cannot be of this type`];
  return [
    `The fourth letter ${letter} belongs to ${HOLDERS[letter]}; this client needs ${fits.join(' or ')}`
  ];
}

/** Things to look at again that are no errors: the fifth letter is usually the surname's initial. */
export function panWarnings(pan: string, holder: PanHolder): string[] {
  if (holder.kind !== 'individual' || pan.charAt(3) !== 'P') return [];
  const name = holder.panHolder === 'guardian' ? holder.guardianName : holder.name;
  const initial = name?.trim().split(/\s+/).at(-1)?.charAt(0).toUpperCase();
  if (!initial || initial === pan.charAt(4)) return [];
  return [`The fifth letter is ${pan.charAt(4)}, but the surname begins with ${initial}`];
}

/** Letters that fit the kind and the type both: an HUF may be entered as either kind. */
function fittingLetters({ kind, type, panHolder }: PanHolder): string[] {
  if (panHolder === 'guardian') return ['P'];
  const ofKind = kind === 'individual' ? ['P', 'H'] : Object.keys(HOLDERS).filter((one) => one !== 'P');
  const letter = LETTER_OF_TYPE[type];
  if (letter) return ofKind.filter((one) => one === letter);
  return kind === 'individual' ? ['P'] : ofKind;
}
