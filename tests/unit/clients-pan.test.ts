import { describe, expect, it } from 'vitest';
import { normalisedPan, panErrors, panWarnings, type PanHolder } from '#lib/clients/pan.ts';
import { emailKey, phoneKey, valueKey } from '#lib/clients/contact.server.ts';
import { checkTaxId, enteredTaxId } from '#lib/clients/tax-id.server.ts';

const person: PanHolder = {
  kind: 'individual',
  type: 'individual',
  name: 'Meera Kapoor',
  panHolder: 'self',
  guardianName: null
};
const firmOf = (type: string): PanHolder => ({ ...person, kind: 'organisation', type, name: 'Acme' });

describe('a PAN', () => {
  it.each(['ABCPK1234L', 'AAAPA0000A'])('%s has the right form', (pan) => {
    expect(panErrors(pan, person)).toEqual([]);
  });

  it.each(['', 'ABCPK1234', 'ABCPK12345', 'ABCDK1234L', 'abcpk1234l', '1BCPK1234L', 'ABCPK1234LX'])(
    '%j has not',
    (pan) => {
      expect(panErrors(pan, person)).toEqual(['A PAN looks like ABCPK1234L']);
    }
  );

  it('is read without spaces and in capitals', () => {
    expect(normalisedPan(' abcp k1234l ')).toBe('ABCPK1234L');
  });

  it.each([
    ['company', 'C'],
    ['huf', 'H'],
    ['firm', 'F'],
    ['aop', 'A'],
    ['boi', 'B'],
    ['trust', 'T'],
    ['government', 'G'],
    ['local_authority', 'L'],
    ['artificial', 'J']
  ])('of a %s has the fourth letter %s', (type, letter) => {
    expect(panErrors(`ABC${letter}K1234L`, firmOf(type))).toEqual([]);
    expect(panErrors('ABCPK1234L', firmOf(type))[0]).toMatch(/belongs to an individual/);
  });

  it('fits kind and type both', () => {
    expect(panErrors('ABCHK1234L', { ...person, type: 'huf' })).toEqual([]);
    expect(panErrors('ABCCK1234L', { ...person, type: 'company' })).toEqual([
      'An individual cannot be of this type'
    ]);
    expect(panErrors('ABCPK1234L', firmOf('individual'))).toEqual(['An organisation cannot be of this type']);
  });

  it('of an organisation without a letter of its own is anything but a person’s', () => {
    expect(panErrors('ABCFK1234L', firmOf('parish'))).toEqual([]);
    expect(panErrors('ABCPK1234L', firmOf('parish'))).toHaveLength(1);
    expect(panErrors('ABCCK1234L', person)[0]).toMatch(/belongs to a company; this client needs P/);
  });

  it('whose fifth letter is not the surname’s is worth a second look, for people only', () => {
    expect(panWarnings('ABCPK1234L', person)).toEqual([]);
    expect(panWarnings('ABCPS1234L', person)).toEqual([
      'The fifth letter is S, but the surname begins with K'
    ]);
    expect(panWarnings('ABCCS1234L', firmOf('company'))).toEqual([]);
    const minor: PanHolder = { ...person, type: 'minor', panHolder: 'guardian', guardianName: 'Anil Sethi' };
    expect(panWarnings('ABCPS1234L', minor)).toEqual([]);
  });
});

describe('a tax id', () => {
  const enter = (entered: object, holder = person) => enteredTaxId(holder, entered);

  it('is needed unless a reason is given or the firm does not ask for it', () => {
    expect(() => checkTaxId(enter({}), { compulsory: true })).toThrow(/A PAN is needed/);
    expect(checkTaxId(enter({ panExemptReason: 'Abroad' }), { compulsory: true })).toEqual([]);
    expect(checkTaxId(enter({}), { compulsory: false })).toEqual([]);
  });

  it('keeps no reason for being without beside a PAN', () => {
    expect(enter({ pan: 'abcpk1234l', panExemptReason: 'Lost' })).toMatchObject({
      pan: 'ABCPK1234L',
      panExemptReason: null
    });
  });

  it('of a minor is the guardian’s, who has a name', () => {
    const minor = { ...person, type: 'minor' };
    expect(enter({ pan: 'ABCPK1234L' }, minor).panHolder).toBe('guardian');
    expect(() => checkTaxId(enter({ pan: 'ABCPK1234L' }, minor), { compulsory: true })).toThrow(/guardian/);
    const named = enter({ pan: 'ABCPK1234L', guardianName: 'Anil Kapoor' }, minor);
    expect(checkTaxId(named, { compulsory: true })).toEqual([]);
    const grownUp = enter({ pan: 'ABCPK1234L', panHolder: 'guardian', guardianName: 'Anil' });
    expect(() => checkTaxId(grownUp, { compulsory: true })).toThrow(/Only a minor/);
  });
});

describe('a contact point', () => {
  it('is compared in one spelling', () => {
    expect(phoneKey('98123 45670')).toBe('+919812345670');
    expect(phoneKey('+91-98123-45670')).toBe('+919812345670');
    expect(phoneKey('+1 212 555 0100')).toBe('+12125550100');
    expect(emailKey(' Meera@Example.COM ')).toBe('meera@example.com');
  });

  it('is refused when it is no address or number', () => {
    expect(phoneKey('call me')).toBeNull();
    expect(emailKey('meera at example')).toBeNull();
    expect(() => valueKey('phone', '12')).toThrow(/ten digits/);
    expect(() => valueKey('email', 'meera')).toThrow(/name@example.com/);
  });
});
