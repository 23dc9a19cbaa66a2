#!/usr/bin/env node
/**
 * What `npm start`, `npm test` and the other scripts run: installs what is missing, then hands over.
 *
 * Plain JavaScript without dependencies, because it has to work in a fresh clone.
 *
 *     node cli/run.mjs egress <arguments>    the command line of this project
 *     node cli/run.mjs <package> <arguments> the program of an installed package, such as jest
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from './node-flags.cjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const NODE_MAJOR = 20;
/** https://nodejs.org/docs/latest-v20.x/api/process.html#exit-codes */
const UNKNOWN_OPTION = 9;

/** @returns {never} */
function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (result.error) stop(`could not run ${command}: ${result.error.message}`);
  if (result.signal) process.kill(process.pid, result.signal);
  return result.status ?? 1;
}

/**
 * Whether node_modules holds the very versions of the lock file; npm keeps its own record of what it installed.
 * The command line needs no package for development: a pipeline that only reviews leaves them out (`npm ci --omit=dev`).
 */
function isInstalled(withDevelopment) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const versions = (file) => JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  const installed = versions(record);
  return Object.entries(versions(join(root, 'package-lock.json')))
    .every(([path, { version, optional, dev }]) => path === '' || optional || (dev && !withDevelopment) || installed[path]?.version === version);
}

if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR) {
  stop(`this project needs Node ${NODE_MAJOR} or newer; this is ${process.version}`);
}
const [tool, ...args] = process.argv.slice(2);
if (!tool) stop('usage: node cli/run.mjs egress|<package> [arguments]');
if (!isInstalled(tool !== 'egress')) {
  process.stderr.write('installing the packages of package-lock.json (first run, or they changed)...\n');
  const status = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, shell: process.platform === 'win32', stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) stop('npm ci failed; see the message above');
}

/** The native compiler takes a tenth of the time; `typescript` is an older one, whose API the linter asks. */
const PACKAGE_OF = { tsc: 'typescript-7' };

/** The script behind a package's program; `node_modules/.bin` holds shell scripts on some systems. */
function programOf(name) {
  const folder = join(root, 'node_modules', PACKAGE_OF[name] ?? name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[name]);
}

if (tool !== 'egress') process.exit(run(process.execPath, [programOf(tool), ...args], { cwd: root }));
// In the folder of whoever calls: the files that they name may be those of another repository.
const command = ['--require', createRequire(import.meta.url).resolve('tsx/cjs'), join(root, 'cli', 'main.ts'), ...args];
const options = { env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') } };
const status = run(process.execPath, [...NODE_FLAGS, ...command], options);
// A later Node may not know a flag any more, and says so; without them all works the same, only slower.
process.exit(status === UNKNOWN_OPTION ? run(process.execPath, command, options) : status);
