import { describe, expect, it } from 'vitest';
import { readArguments } from '../../scripts/import/arguments.ts';

describe('the arguments of the import', () => {
  it.each([
    [[], /^Usage: npm run import -- sales FOLDER/],
    [['sales'], /^Usage/],
    [['sales', 'a', 'b'], /^Usage/],
    [['ledger', 'a'], /^"ledger" cannot be imported; what can: sales/],
    [['sales', 'a', '--replace'], /Unknown option '--replace'.*Usage/],
    [['sales', 'a', '--rejects'], /--rejects.*Usage/],
    [['sales', 'a', '--currency', 'rupees'], /--currency must be a code of three letters/],
    [['sales', 'a', '--mail-domain', 'x@y'], /--mail-domain must be a domain/]
  ])('refuses %j in one line', (args, message) => {
    expect(() => readArguments(args, ['sales'])).toThrow(message);
    expect(() => readArguments(args, ['sales'])).toThrow(/^[^\n]*$/);
  });

  it('have defaults for what is not given', () => {
    expect(readArguments(['sales', 'folder', '--replace-demo'], ['sales'])).toEqual({
      kind: 'sales',
      source: 'folder',
      replaceDemo: true,
      rejects: 'rejected-sales.csv',
      invitations: null,
      mailDomain: 'sales.example',
      currency: null,
      firmName: 'My firm'
    });
  });

  it('ask for the usage line with --help', () => {
    expect(readArguments(['--help'], ['sales'])).toBeNull();
  });
});
