import { type Confinement, confinement, pythonOf, type RuleSet } from '../index.ts';
import type { Io } from './io.ts';
import { count, labelled } from './render/table.ts';

/** Says that the modules of Python rules were only read: what fails when they are loaded shows only where they run. */
export async function sayPythonNotRun(loaded: RuleSet, io: Io): Promise<void> {
  const rules = loaded.rules.filter((rule) => pythonOf(rule) !== undefined).length;
  if (rules === 0) return;
  const modules =
    rules === 1 ? 'the module of 1 Python rule was' : `the modules of ${count(rules, 'Python rule')} were`;
  await io.stderr.write(`hint: ${modules} read, not run; --run-python loads what they import and define, too\n`);
}

/** What holds Python on this machine, for `--verbose`. */
export async function sayConfinement(io: Io): Promise<void> {
  const layers: readonly (readonly [keyof Confinement, string])[] = [
    ['permissions', "Node's permission model"],
    ['namespaces', 'Linux namespaces'],
    ['limits', 'Linux resource limits'],
  ];
  const found = confinement();
  const lines = layers.map(([name, what]): readonly [string, string] => {
    const held = found[name];
    return [name, `${what}: ${held === true ? 'in force' : `not in force (${held})`}`];
  });
  await io.stderr.write(
    `\nwhat holds Python, beside a process and a realm of its own\n${labelled(lines).join('\n')}\n`,
  );
}
