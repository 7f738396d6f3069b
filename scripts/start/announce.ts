import type { Firm } from './firm.ts';

/** What a successful start tells: the address, who can sign in, and how to stop. */
export function announcement(address: string, firm: Firm): string {
  return `\nRapport is running at ${address}\n${whoCanSignIn(firm)}\nCtrl-C stops it.\n`;
}

/** The demo accounts with their password, or the first administrator with his. */
export function whoCanSignIn({ demo, administrator }: Firm): string {
  const lines: string[] = [];
  if (demo) {
    const width = Math.max(...demo.accounts.map(({ email }) => email.length));
    const accounts = demo.accounts.map(
      (one) => `  ${one.email.padEnd(width)}  level ${one.level}  ${one.title}`
    );
    lines.push('', 'Demo accounts:', ...accounts, `password: ${demo.password}`, '');
  }
  if (administrator) {
    lines.push(
      '',
      `The first administrator is ${administrator.email}, who chooses a new password on signing in.`
    );
    lines.push(`one-time password: ${administrator.password}`, '');
  }
  return lines.join('\n');
}
