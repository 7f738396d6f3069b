import { parseArgs } from 'node:util';
import { Failure } from '../script.ts';

export const USAGE =
  'Usage: npm run import -- sales FOLDER | schemes FILE [--replace-demo] [--rejects FILE] [--invitations FILE]' +
  ' [--mail-domain DOMAIN] [--currency CODE] [--firm NAME]';

const OPTIONS = {
  'replace-demo': { type: 'boolean', default: false },
  rejects: { type: 'string' },
  invitations: { type: 'string' },
  'mail-domain': { type: 'string', default: 'sales.example' },
  currency: { type: 'string' },
  firm: { type: 'string', default: 'My firm' },
  help: { type: 'boolean', default: false }
} as const;

const DOMAIN = /^(?=.{3,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

export interface Wanted {
  kind: string;
  source: string;
  replaceDemo: boolean;
  rejects: string;
  invitations: string | null;
  mailDomain: string;
  currency: string | null;
  firmName: string;
}

/** What the command line asks for; null for --help. Throws a Failure with the usage line. */
export function readArguments(args: string[], kinds: string[]): Wanted | null {
  const { values, positionals } = parsed(args);
  if (values.help) return null;
  const [kind, source, ...more] = positionals;
  if (!kind || !source || more.length > 0) throw new Failure(USAGE);
  if (!kinds.includes(kind))
    throw new Failure(`"${kind}" cannot be imported; what can: ${kinds.join(', ')}. ${USAGE}`);
  const domain = values['mail-domain'].toLowerCase();
  if (!DOMAIN.test(domain)) throw new Failure(`--mail-domain must be a domain, like sales.example. ${USAGE}`);
  if (values.currency !== undefined && !/^[A-Z]{3}$/.test(values.currency))
    throw new Failure(`--currency must be a code of three letters, like INR. ${USAGE}`);
  return {
    kind,
    source,
    replaceDemo: values['replace-demo'],
    rejects: values.rejects ?? `rejected-${kind}.csv`,
    invitations: values.invitations ?? null,
    mailDomain: domain,
    currency: values.currency ?? null,
    firmName: values.firm
  };
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new Failure(`${(error as Error).message.split('\n')[0]} ${USAGE}`);
  }
}
