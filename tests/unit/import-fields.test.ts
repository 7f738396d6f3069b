import { describe, expect, it } from 'vitest';
import { optionalAmount, optionalDate, requiredName } from '#lib/imports/fields.server.ts';
import { addressBook, nameKey } from '#lib/imports/names.ts';
import { progressOn } from '#lib/imports/progress.ts';
import { csvLine } from '#lib/imports/rejects.server.ts';

describe('dates', () => {
  it.each([
    ['01-03-2017', '2017-03-01'],
    ['29-02-2024', '2024-02-29'],
    ['', null],
    ['null', null]
  ])('reads %j as %j', (text, date) => {
    expect(optionalDate('day', text)).toBe(date);
  });

  it.each([
    '29-02-2023',
    '31-04-2020',
    '00-01-2020',
    '1-3-2017',
    '2017-03-01',
    '03/01/2017',
    '01-13-2017',
    '01-01-0017',
    'soon'
  ])('refuses %j', (text) => {
    expect(() => optionalDate('day', text)).toThrow(/day is no date/);
  });
});

describe('amounts and names', () => {
  it.each(['0', '12', '470.5', '470.50'])('takes %j', (text) => {
    expect(optionalAmount('price', text)).toBe(text);
  });

  it.each(['-1', '1,000', '1e3', 'NaN', '0x10', '1.234', '٣', '9'.repeat(16)])('refuses %j', (text) => {
    expect(() => optionalAmount('price', text)).toThrow(/price is no amount/);
  });

  it('wants a name and bounds its length', () => {
    expect(() => requiredName('account', 'NULL')).toThrow('account is missing');
    expect(() => requiredName('account', 'x'.repeat(201))).toThrow(/longer than 200/);
  });
});

describe('matching names', () => {
  it('looks at letters and digits only', () => {
    expect(nameKey('GTX Pro')).toBe(nameKey('GTXPro'));
    expect(nameKey('Gekko & Co')).toBe('gekkoco');
    expect(nameKey('नाम-१')).toBe('नाम१');
  });
});

describe('addresses', () => {
  it('are made of the name, one for each person', () => {
    const addressOf = addressBook('firm.example');
    expect(
      ['Mei-Mei Johns', 'José  Núñez', "Pat O'Hara Jr.", '李', 'Jose Nunez', 'José  Núñez'].map(addressOf)
    ).toEqual([
      'mei-mei.johns@firm.example',
      'jose.nunez@firm.example',
      'pat.o.hara.jr@firm.example',
      'user@firm.example',
      'jose.nunez2@firm.example',
      'jose.nunez@firm.example'
    ]);
  });
});

describe('a line of CSV', () => {
  it('quotes what needs it', () => {
    expect(csvLine(['a', 'b,c', 'd"e', 'f\ng'])).toBe('a,"b,c","d""e","f\ng"');
  });
});

describe('progress', () => {
  const shownOn = (isTTY: boolean) => {
    const written: string[] = [];
    const { progress, clear } = progressOn({ isTTY, columns: 60, write: (text) => written.push(text) });
    return { progress, clear, written };
  };

  it('is a bar on a terminal, wiped when it is over', () => {
    const { progress, written } = shownOn(true);
    progress('Leads', 1, 2);
    progress('Leads', 2, 2);
    expect(written[0]).toContain('Leads [████████████············] 1 of 2');
    expect(written.slice(-2)).toEqual(['\r\u001b[K', 'Leads: 2\n']);
  });

  it('is a line for each finished stage elsewhere', () => {
    const { progress, clear, written } = shownOn(false);
    progress('Leads', 1, 2);
    clear();
    progress('Leads', 2, 2);
    expect(written).toEqual(['Leads: 2\n']);
  });
});
