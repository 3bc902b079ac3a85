// `node scripts/signatures.mjs`: whether the registry has signed what is installed, by npm. A registry that offers no signatures, or is out
// of reach, is said and is no failure; a signature that is wrong or lacks is one.
import { spawnSync } from 'node:child_process';
import { root } from './ready.mjs';

const { stdout, stderr } = spawnSync('npm', ['audit', 'signatures', '--json'], {
  cwd: root,
  encoding: 'utf8',
  timeout: 300_000,
  shell: process.platform === 'win32',
});
const found = judge(stdout);
if (found === undefined) {
  const reason = /npm (?:error|ERR!) (?!code)(.+)/.exec(stderr)?.[1] ?? 'npm gave no answer';
  console.log(`signatures: skipped, the registry offers none here (${reason})`);
} else if (found.length > 0) {
  console.error(`signatures: ${found.join(', ')}`);
  process.exit(1);
} else {
  console.log('signatures: all are right');
}

/** What is wrong; undefined where nothing is known. */
function judge(text) {
  try {
    const { invalid, missing } = JSON.parse(text);
    if (!Array.isArray(invalid) || !Array.isArray(missing)) return undefined;
    const named = (list, what) => list.map(({ name, version }) => `${name}@${version} ${what}`);
    return [...named(invalid, 'has a wrong signature'), ...named(missing, 'has none')];
  } catch {
    return undefined;
  }
}
