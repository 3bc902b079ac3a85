import type { Held, Internals } from './pyodide-internals.ts';

/** What a call gives: see `Realm.answer`. */
export type HarnessCall = (args: readonly string[]) => string;

/** An event of which rules make something, one by one. */
interface Turns {
  /** What runs the next rule when it is followed. */
  readonly iterator: Held;
  /** How many lines there are in all, and how many have come. */
  readonly total: number;
  at: number;
}

/**
 * The functions of the harness as calls of the process. The rules, and what finds that they changed what others share, are held
 * here alone: in Python nothing leads to them. Made in the realm: it is handed over as text.
 */
export function harnessCalls({ globals: harness }: Internals): ReadonlyMap<string, HarnessCall> {
  /** After so many events what nobody refers to any more is looked for. */
  const COLLECT_EVERY = 100;
  const methods = new Map<string, HarnessCall>();
  const functionOf = (name: string): Held => harness.get(name);
  const checking = functionOf('_checking');
  const check = checking.get('check');
  const fresh = functionOf('_fresh');
  harness.delete('_checking');
  const begin = functionOf('begin');
  const gather = functionOf('gather');
  const late = functionOf('late');
  const join = functionOf('_join');
  const collect = functionOf('_collect');
  const freeze = functionOf('_freeze');
  const bundles: Held[] = [];
  const rules = new Map<string, Held>();
  const groups = new Map<string, { readonly rules: Held; readonly count: number }>();
  let turns: Turns | undefined;
  let touched = '';
  let runs = 0;
  let grown = false;

  const ruleOf = (index: string): Held => {
    const rule = rules.get(index);
    if (rule === undefined) throw new Error(`there is no rule ${index}`);
    return rule;
  };
  const groupOf = (indexes: string): { readonly rules: Held; readonly count: number } => {
    let group = groups.get(indexes);
    if (group === undefined) {
      const numbers = (JSON.parse(indexes) as readonly number[]).map(String);
      group = { rules: gather(...numbers.map(ruleOf)) as Held, count: numbers.length };
      groups.set(indexes, group);
    }
    return group;
  };
  /** What the next rules make of the event: `+` where more of them are left. */
  const go = (): string => {
    if (turns === undefined) return '!nothing is under way';
    const lines = (join(turns.iterator) as string).split('\n');
    if (lines.pop() !== '') return '!its answers are no lines';
    if (turns.at + lines.length < turns.total) {
      const last = late() as string;
      if (!/^[^\n]*\n$/.test(last)) return '!its answers are no lines';
      lines.push(last.slice(0, -1));
    }
    let told = '';
    for (const line of lines) {
      if (line !== '') {
        if (turns.at + 1 === turns.total) touched = line;
        else told += `${turns.at} ${line}\n`;
      }
      turns.at += 1;
    }
    if (turns.at > turns.total) return '!it answered for more rules than there are';
    if (turns.at < turns.total) return `+${told}`;
    turns.iterator.destroy();
    turns = undefined;
    return `.${told}`;
  };

  for (const name of ['configure', 'prepare_tests']) {
    const call = functionOf(name);
    methods.set(name, (args) => `.${call(...args)}`);
  }
  for (const name of ['test', 'trace', 'coverage']) {
    const call = functionOf(name);
    methods.set(name, ([index = '', ...args]) => `.${call(ruleOf(index), ...args)}`);
  }
  const addBundle = functionOf('add_bundle');
  methods.set('add_bundle', (args) => {
    bundles.push(addBundle(...args) as Held);
    return '.';
  });
  const addRule = functionOf('add_rule');
  methods.set('add_rule', ([index = '', bundle = '', spec = '']) => {
    const made = addRule(bundles[Number(bundle)], spec) as Held | string;
    if (typeof made === 'string') return `.${made}`;
    rules.set(index, made);
    grown = true;
    return '.';
  });
  methods.set('run', ([event, logType, indexes = '']) => {
    const group = groupOf(indexes);
    // Between two events, where no frame of a rule or of the harness is: what ends then finds nothing.
    runs += 1;
    if (runs % COLLECT_EVERY === 0) collect();
    turns = { iterator: begin(group.rules, event, logType) as Held, total: group.count + 1, at: 0 };
    return go();
  });
  methods.set('more', go);
  methods.set('check', () => {
    collect();
    // What rules consist of stays: it need not be gone through again.
    if (grown) freeze();
    grown = false;
    const found = touched === '' ? (check(fresh) as string) : touched;
    touched = '';
    return `.${found}`;
  });
  return methods;
}
