import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { delimiter, dirname } from 'node:path';

export interface CheckResult {
  name: string;
  passed: boolean;
}

// Commands of node_modules/.bin; those of one check run one after another.
const CHECKS: Record<string, string[]> = {
  format: ['prettier --check --log-level warn .'],
  types: ['svelte-kit sync', 'svelte-check --tsconfig ./tsconfig.json --output human --fail-on-warnings'],
  lint: ['eslint --max-warnings 0 --concurrency 2 .'],
  boundaries: [
    'depcruise --config .dependency-cruiser.js --output-type err src workers scripts bench tests',
    'depcruise --config scripts/checks/domains.cruiser.js --output-type err src/lib'
  ],
  unused: ['knip']
};

/** Takes minutes: every component asks for the types of all procedures anew. */
const SLOW = 'lint';

/** Runs every check, prints a line for each and what the failing ones had to say. */
export async function runChecks(): Promise<CheckResult[]> {
  const { results, rest } = await beginChecks();
  return [...results, await rest];
}

/** As `runChecks`, but `rest` is under way still when the others are done, at this priority of the operating system. */
export async function beginChecks(
  priority?: number
): Promise<{ results: CheckResult[]; rest: Promise<CheckResult> }> {
  const results: CheckResult[] = [];
  const quick = Object.entries(CHECKS).filter(([name]) => name !== SLOW);
  for (const [name, commands] of quick) results.push(await runCheck(name, commands));
  // The check of types has written what the linter needs.
  return { results, rest: runCheck(SLOW, CHECKS[SLOW] ?? [], priority) };
}

async function runCheck(name: string, commands: string[], priority?: number): Promise<CheckResult> {
  const since = performance.now();
  let output = '';
  let passed = true;
  for (const command of commands) {
    const run = await runTool(command.split(' '), priority);
    output += run.output;
    passed &&= run.passed;
    if (!passed) break;
  }
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  process.stdout.write(`${passed ? '✓' : '✗'} ${name} (${seconds} s)\n${passed ? '' : `${output.trim()}\n`}`);
  return { name, passed };
}

/** Runs a program of node_modules/.bin on this very Node and collects what it prints. */
function runTool(
  [program = '', ...args]: string[],
  priority?: number
): Promise<{ passed: boolean; output: string }> {
  const path = ['node_modules/.bin', dirname(process.execPath), process.env.PATH].join(delimiter);
  const child = spawn(`node_modules/.bin/${program}`, args, { env: { ...process.env, PATH: path } });
  if (child.pid !== undefined && priority !== undefined) setPriority(child.pid, priority);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (output += text.toString()));
  return new Promise((done) => {
    child.once('error', (error) => done({ passed: false, output: error.message }));
    child.once('close', (code) => done({ passed: code === 0, output }));
  });
}
