import { spawnSync } from 'node:child_process';
import { chownSync, readFileSync, statSync } from 'node:fs';

/** The account Postgres runs under. Postgres refuses to run as root, so root steps down to one of these. */
export interface PostgresUser {
  uid: number;
  gid: number;
}

/** Whom to run Postgres as: null is whoever runs us; for root, the owner of the data or an account without rights. */
export function postgresUser(dataDir: string): PostgresUser | null {
  if (process.getuid?.() !== 0) return null;
  const owner = statSync(dataDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const user = accountNamed('postgres') ?? accountNamed('nobody');
  if (!user) throw new Error('Postgres does not run as root, and this system has no account "nobody" to use');
  return user;
}

// initdb looks its own user up by id, so it has to be an account the system knows.
function accountNamed(name: string): PostgresUser | null {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null;
}

export function giveTo(user: PostgresUser | null, path: string): void {
  if (user) chownSync(path, user.uid, user.gid);
}

/** Whether that user can enter the folder: a clone may lie inside one that is closed to others. */
export function canEnter(user: PostgresUser | null, folder: string): boolean {
  if (!user) return true;
  const tried = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/', stdio: 'ignore' });
  return tried.status === 0;
}
