// Runs before anything is installed, on whatever Node there is: plain JavaScript, no dependencies.
import { spawn, spawnSync } from 'child_process';
import { existsSync, readFileSync } from 'fs';
import { constants } from 'os';
import { dirname, join } from 'path';
import { fileURLToPath } from 'url';

const OLDEST = 20;
const WANTED = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Installs what the lockfile says, when needed, and runs a script on a Node that understands TypeScript.
 * @param {string} script file name in this folder
 */
export function handOver(script) {
  if (majorOf(process.version) < OLDEST) {
    fail('Rapport needs Node ' + OLDEST + ' or newer; this is Node ' + process.version.slice(1));
  }
  process.chdir(root);
  if (!isInstalled()) install();
  const node = newerNode();
  if (!node) {
    const platform = process.platform + '-' + process.arch;
    fail(
      'Rapport runs on Node ' +
        WANTED +
        ', and there is no package of it for ' +
        platform +
        ': please install it'
    );
  }
  run(node, [join('scripts', script), ...process.argv.slice(2)]);
}

/** npm leaves a record of what it installed; it is complete only when the install was. */
function isInstalled() {
  try {
    const wanted = packagesIn('package-lock.json');
    const found = packagesIn(join('node_modules', '.package-lock.json'));
    return Object.keys(wanted).every((path) => {
      if (path === '') return true;
      return found[path] ? sameVersion(found[path], wanted[path]) : wanted[path].optional === true;
    });
  } catch {
    return false;
  }
}

function packagesIn(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

function sameVersion(found, wanted) {
  return found.version === wanted.version && found.integrity === wanted.integrity;
}

function install() {
  process.stdout.write('Installing packages …\n');
  // Install scripts stay off: nothing here depends on one, and some systems block them anyway.
  const wishes = ['--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  const [program, first] = npm && npm.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const installed = spawnSync(program, [...first, 'ci', ...wishes, '--loglevel=error'], { stdio: 'inherit' });
  if (installed.status === 0) return;
  if (installed.signal) process.exit(128 + constants.signals[installed.signal]);
  fail(
    'The packages could not be installed (npm ci ended with ' + (installed.status ?? installed.error) + ')'
  );
}

function newerNode() {
  // After an install the program that runs now may be gone from the disk.
  if (majorOf(process.version) >= WANTED && existsSync(process.execPath)) return process.execPath;
  const packaged = join('node_modules', 'node-' + process.platform + '-' + process.arch, 'bin', 'node');
  const places = [packaged, join('node_modules', '.bin', 'node')].map((path) => join(root, path));
  return places.find((path) => existsSync(path) && majorOf(versionOf(path)) >= WANTED);
}

function versionOf(node) {
  return spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout || 'v0';
}

function majorOf(version) {
  return Number(version.slice(1).split('.')[0]);
}

function run(node, args) {
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event) endWithParent(child);
  child.on('error', (error) => fail('Node ' + WANTED + ' could not be started: ' + error.message));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}

/** npm's shell does not pass signals on: told to end, npm is gone and we would stay. */
function endWithParent(child) {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 300).unref();
}

function fail(message) {
  process.stderr.write(message + '\n');
  process.exit(1);
}
