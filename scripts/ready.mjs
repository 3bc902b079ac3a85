// What `npm start` and `npm test` need before they can do anything: dependencies, and a build.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Dragoman needs Node 20.19 or newer; this is Node ${process.versions.node}.`);
  process.exit(1);
}

/** Runs npm; ends this process with npm's exit code when it fails. */
export function npm(...args) {
  const status = runNpm(args);
  if (status !== 0) process.exit(status);
}

/** npm's exit code. */
function runNpm(args) {
  // npm tells its scripts where it is; a bare `node scripts/start.mjs` has to find it on the path.
  const own = process.env.npm_execpath;
  const viaNode = own?.endsWith('.js') || own?.endsWith('.cjs');
  const [command, ...first] = viaNode ? [process.execPath, own] : ['npm'];
  const { status, error } = spawnSync(command, [...first, ...args], {
    cwd: root,
    stdio: 'inherit',
    shell: !viaNode && process.platform === 'win32',
  });
  if (error) {
    console.error(`cannot run npm: ${error.message}`);
    process.exit(1);
  }
  return status ?? 1;
}

/** Installs the locked dependencies unless every one of them is there already. */
export function install() {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(new URL('package.json', `file://${root}`), 'utf8'));
  const names = Object.keys({ ...dependencies, ...devDependencies });
  const missing = names.filter((name) => !existsSync(new URL(`node_modules/${name}/package.json`, `file://${root}`)));
  if (missing.length === 0) return;
  console.log(`Installing (${missing.length} of ${names.length} dependencies are missing) …`);
  const options = ['--include=dev', '--no-audit', '--no-fund'];
  if (runNpm(['ci', ...options]) === 0) return;
  // A registry that lacks some platform's optional package makes npm write a lock that its own `ci` refuses.
  console.log('npm ci refuses the lock file; installing with npm install, which leaves it as it is …');
  npm('install', '--no-save', ...options);
}
