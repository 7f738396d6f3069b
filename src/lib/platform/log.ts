import { pino, type Logger } from 'pino';
import { logLevel } from './config.ts';

const SECRETS = [
  'password',
  'token',
  'cookie',
  'authorization',
  'pan',
  'params',
  'parameters',
  'args',
  'secret'
];
const PAN = /\b[A-Za-z]{5}\d{4}[A-Za-z]\b/g;

/** The settings of our log, for tests that write one elsewhere. */
export const LOG_OPTIONS = {
  level: logLevel(),
  base: { pid: process.pid },
  redact: {
    paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]),
    censor: '[hidden]'
  },
  serializers: { err: describeError, error: describeError },
  // The last net: whatever text it came in, a PAN does not reach the log.
  hooks: { streamWrite: (line: string) => line.replace(PAN, '[PAN]') }
};

/** Structured log on standard output, without secrets: `log.info({ jobId }, 'Report written')`. */
export const log: Logger = pino(LOG_OPTIONS);

/** An error as the log may show it: a database error's message, detail and parameters can hold client data. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error))
    return { message: typeof error === 'string' ? error : 'A value was thrown that is no error' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const described = {
    type: error.name,
    code,
    message: safeMessage(error, code),
    stack: callsOf(error),
    ...('constraint_name' in error ? { constraint: error.constraint_name } : {})
  };
  return error.cause === undefined ? described : { ...described, cause: describeError(error.cause) };
}

function safeMessage(error: Error, code: string | undefined): string {
  // PostgreSQL quotes the offending value in its class 22 (data exception) messages.
  if ('severity' in error && code?.startsWith('22')) return `Data exception ${code}`;
  // Drizzle puts the parameters behind the statement.
  return error.message.split('\nparams:')[0] ?? '';
}

// A stack begins with the message; only the calls are wanted.
function callsOf(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}
