/** How many records of a kind are new, how many were there and stay as they are, and how many the import changed. */
export interface Tally {
  added: number;
  unchanged: number;
  /** Left out for kinds that an import never changes. */
  changed?: number;
}

export const tally = (all: number, added: number): Tally => ({ added, unchanged: all - added });

/** A one-time link for somebody who has no password yet. */
export interface Invited {
  name: string;
  email: string;
  link: string;
  expiresAt: Date;
}

/** What an import did. */
export interface ImportReport {
  /** By what is counted: `users`, `clients`, `leads` … */
  tallies: Record<string, Tally>;
  /** Rows that say again what another row says. */
  repeated: number;
  rejected: number;
  /** Where the rejected rows are; null when there are none. */
  rejectsFile: string | null;
  /** Empty unless links were asked for. Whoever has one can take the account. */
  invited: Invited[];
  /** Further sentences for whoever ran it. */
  remarks: string[];
}

/** The report as lines of text. */
export function reportLines(report: ImportReport): string[] {
  const { tallies, repeated, rejected, rejectsFile, remarks } = report;
  const width = Math.max(...Object.keys(tallies).map((name) => name.length));
  const number = (value: number) => value.toLocaleString('en');
  return [
    ...Object.entries(tallies).map(
      ([name, { added, changed, unchanged }]) =>
        `${name.padEnd(width)}  ${number(added)} new, ${changed === undefined ? '' : `${number(changed)} changed, `}${number(unchanged)} unchanged`
    ),
    ...(repeated > 0 ? [`${number(repeated)} repeated rows were left out`] : []),
    rejectsFile ? `${number(rejected)} rows were rejected: ${rejectsFile}` : 'No row was rejected',
    ...remarks
  ];
}
