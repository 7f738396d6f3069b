import type { Firm } from './firm.ts';

/** What a successful start tells: the address, who can sign in, and how to stop. */
export function announcement(address: string, { demo, administrator }: Firm): string {
  const lines = ['', `Rapport is running at ${address}`];
  if (demo) {
    const width = Math.max(...demo.accounts.map(({ email }) => email.length));
    const accounts = demo.accounts.map(
      ({ email, level, title }) => `  ${email.padEnd(width)}  level ${level}  ${title}`
    );
    lines.push('', 'Demo accounts:', ...accounts, `password: ${demo.password}`);
  }
  if (administrator) {
    lines.push(
      '',
      `The first administrator signs in as ${administrator.email} and chooses a new password then.`
    );
    lines.push(`one-time password: ${administrator.password}`);
  }
  return [...lines, '', 'Ctrl-C stops it.', ''].join('\n');
}
