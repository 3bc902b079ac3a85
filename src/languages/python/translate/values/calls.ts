import { call, FALSE, TRUE } from '../../../../ir/construct.ts';
import type { Expression } from '../../ast.ts';
import { ANY, DICT, INT, LIST, STR } from '../conditions/types.ts';
import type { Translator } from '../context.ts';
import { scanOutcomes } from '../syntax/loops.ts';
import { isInstance } from './instances.ts';
import { flagsOf, regexMatch, wildcard } from './patterns.ts';
import { textOf } from './text.ts';
import {
  boolean,
  constant,
  dynamic,
  isOf,
  madeOfItems,
  NOTHING,
  type Outcomes,
  operation,
  type PyValue,
  sure,
} from './value.ts';

/** Modules whose functions leave nothing behind. */
const HARMLESS: ReadonlySet<string> = new Set(
  'builtins json re ipaddress datetime fnmatch typing collections urllib base64 difflib shlex binascii logging uuid math functools string time itertools operator os copy dateutil policyuniverse pycountry panther_core unittest hashlib textwrap enum random'.split(
    ' ',
  ),
);

/** Calls something that is not the rule's own, nor its helpers'. */
export function callForeign(
  name: string,
  args: readonly Outcomes[],
  keywords: ReadonlyMap<string, Outcomes>,
  node: Expression | undefined,
  of: Translator,
): Outcomes {
  const [first = [], second = [], third] = args;
  if (keywords.size > 0 && !NAMED.has(name)) return foreign(name, node, of);
  switch (name) {
    case 'builtins.any':
    case 'builtins.all': {
      const some = name === 'builtins.any';
      const found = scanOutcomes(first, of, (item) => {
        const { t, f } = of.truthOf(item);
        return some ? { hit: t, cont: f } : { hit: f, cont: t };
      });
      const pair = some ? { t: found.hit, f: found.cont } : { t: found.cont, f: found.hit };
      return [{ cond: TRUE, value: boolean(pair) }].filter(() => pair.t !== FALSE || pair.f !== FALSE);
    }
    case 'builtins.bool': {
      if (args.length === 0) return sure(constant(false));
      return sure(boolean(of.truthOf(first)));
    }
    case 'builtins.len':
      return of.each(first, (value) => lengthOf(value, node, of));
    case 'builtins.str':
      return of.each(first, (value) => {
        if (value.kind === 'const' && typeof value.value === 'string') return sure(value);
        if (value.kind === 'dynamic') return textOf(value) ?? of.note('this text', node);
        return value.kind === 'const' && value.value === null ? sure(constant('None')) : of.note('this text', node);
      });
    case 'builtins.int':
      return of.each(first, (value) => {
        if (value.kind !== 'dynamic' || args.length !== 1)
          return value.kind === 'const' && typeof value.value === 'number' && Number.isInteger(value.value)
            ? sure(value)
            : of.note('this number', node);
        return operation('python.int', [value.expr], INT);
      });
    case 'builtins.list':
    case 'builtins.tuple':
    case 'builtins.set':
    case 'builtins.frozenset':
      return collect(name, args, node, of);
    case 'builtins.dict':
      return args.length === 0 ? sure({ kind: 'map', entries: keywords, frame: -1 }) : of.note('a dict', node);
    case 'builtins.range': {
      const [only] = first;
      if (args.length !== 1 || only?.value.kind !== 'const' || typeof only.value.value !== 'number')
        return of.note('a range', node);
      const items = Array.from({ length: Math.min(only.value.value, 1000) }, (_, at) => sure(constant(at)));
      return sure({ kind: 'seq', type: 'list', items, frame: -1 });
    }
    case 'builtins.isinstance':
      return of.each(first, (value) =>
        of.guard(
          of.definedValue(value),
          of.each(second, (types) => isInstance(value, types, node, of)),
        ),
      );
    case 'builtins.print':
      return sure(NOTHING);
    case 're.compile':
      return of.each(first, (value) => {
        const flags = flagsOf(second, keywords.get('flags'));
        if (value.kind !== 'const' || typeof value.value !== 'string' || flags === undefined)
          return of.note('a regular expression', node);
        return sure({ kind: 'regex', source: value.value, flags });
      });
    case 're.search':
    case 're.match':
    case 're.fullmatch':
      return of.product(first, second, (pattern, value) => {
        const flags = flagsOf(third, keywords.get('flags'));
        if (pattern.kind === 'regex') return regexMatch(pattern.source, pattern.flags, name.slice(3), value, node, of);
        if (pattern.kind !== 'const' || typeof pattern.value !== 'string' || flags === undefined)
          return of.note('a regular expression', node);
        return regexMatch(pattern.value, flags, name.slice(3), value, node, of);
      });
    case 'fnmatch.fnmatch':
    case 'fnmatch.fnmatchcase':
      return of.product(first, second, (value, pattern) => wildcard(value, pattern, node, of));
    case 'json.loads':
      return of.each(first, (value) => {
        if (value.kind !== 'dynamic')
          return value.kind === 'const' && value.value === null ? [] : of.note('this JSON', node);
        return of.guard(isOf(value, STR), operation('python.json-loads', [value.expr], ANY));
      });
    case 'functools.reduce':
      return reduce(args, node, of);
    default:
      return foreign(name, node, of);
  }
}

/** Functions whose named arguments are understood. */
const NAMED: ReadonlySet<string> = new Set([
  'builtins.dict',
  'builtins.print',
  're.compile',
  're.search',
  're.match',
  're.fullmatch',
]);

/** A call that is not understood; outside of what is known to be harmless it may leave something behind. */
function foreign(name: string, node: Expression | undefined, of: Translator): Outcomes {
  const [module = ''] = name.split('.');
  return HARMLESS.has(module) ? of.note(`\`${name}\``, node) : of.effect(`\`${name}\``);
}

function lengthOf(value: PyValue, node: Expression | undefined, of: Translator): Outcomes {
  switch (value.kind) {
    case 'const':
      return typeof value.value === 'string' ? sure(constant([...value.value].length)) : [];
    case 'seq':
      return value.type === 'set' ? of.note('the size of a set', node) : sure(constant(value.items.length));
    case 'map':
      return sure(constant(value.entries.size));
    case 'dynamic':
      return of.guard(isOf(value, STR | LIST | DICT), sure(dynamic(call('python.len', [value.expr]), INT, 'plain')));
    case 'bool':
      return [];
    case 'maybe':
    case 'function':
    case 'lambda':
    case 'foreign':
    case 'method':
    case 'regex':
    case 'comprehension':
    case 'unknown':
      return of.note('this length', node);
  }
}

function collect(name: string, args: readonly Outcomes[], node: Expression | undefined, of: Translator): Outcomes {
  const type = name === 'builtins.list' ? 'list' : name === 'builtins.tuple' ? 'tuple' : 'set';
  const [first] = args;
  if (first === undefined) return sure({ kind: 'seq', type, items: [], frame: -1 });
  return of.each(first, (value) => {
    if (value.kind === 'seq') return sure({ ...value, type });
    if (value.kind === 'map') {
      return sure({ kind: 'seq', type, items: [...value.entries.keys()].map((key) => sure(constant(key))), frame: -1 });
    }
    if (value.kind === 'dynamic' && type === 'list') {
      const made = madeOfItems(value) === 'plain' ? 'plain' : 'list';
      return of.guard(isOf(value, STR | LIST | DICT), sure(dynamic(call('python.iterate', [value.expr]), LIST, made)));
    }
    return of.note('this list', node);
  });
}

function reduce(args: readonly Outcomes[], node: Expression | undefined, of: Translator): Outcomes {
  const [callees = [], items = [], start] = args;
  const [callee] = callees;
  const [list] = items;
  if (
    callees.length !== 1 ||
    callee === undefined ||
    items.length !== 1 ||
    list?.value.kind !== 'seq' ||
    start === undefined
  ) {
    return of.note('`functools.reduce`', node);
  }
  let found = start;
  for (const item of list.value.items)
    found = of.each(found, (value) => of.apply(callee.value, [sure(value), item], new Map(), node));
  return found;
}
