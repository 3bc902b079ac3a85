import { call, FALSE, match, TRUE } from '../../../ir/construct.ts';
import type { WildcardPart } from '../../../ir/expr.ts';
import { compileRegex } from '../../../patterns/regex/index.ts';
import type { Expression } from '../ast.ts';
import { scanOutcomes } from './loops.ts';
import { pythonRegex } from './regex.ts';
import type { Translator } from './translator.ts';
import { ANY, BOOL, DICT, FLOAT, INT, LIST, STR } from './types.ts';
import {
  boolean,
  constant,
  type Dynamic,
  definedValue,
  dynamic,
  expressionOf,
  guard,
  isOf,
  literal,
  madeOfItems,
  maskOf,
  NOTHING,
  type Outcomes,
  operation,
  type PyValue,
  pairOf,
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
        guard(
          definedValue(value),
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
        return guard(isOf(value, STR), operation('python.json-loads', [value.expr], ANY));
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

/** Python's `str` of a value; undefined where its lists or maps print in a way that is not followed. */
export function textOf(value: PyValue): Outcomes | undefined {
  if (value.kind === 'const' && typeof value.value === 'string') return sure(value);
  const expr = expressionOf(value);
  if (expr === undefined || value.kind === 'seq') return undefined;
  if (value.kind !== 'dynamic') return sure(dynamic(call('python.str', [expr, literal(false)]), STR, 'plain'));
  if (value.mask === STR) return sure(value);
  const holds = (value.mask & (LIST | DICT)) !== 0;
  if (holds && (value.whole === true || value.made === 'list' || value.made === 'tuple')) return undefined;
  return sure(dynamic(call('python.str', [expr, literal(value.made === 'event')]), STR, 'plain'));
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
      return guard(isOf(value, STR | LIST | DICT), sure(dynamic(call('python.len', [value.expr]), INT, 'plain')));
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
      return guard(isOf(value, STR | LIST | DICT), sure(dynamic(call('python.iterate', [value.expr]), LIST, made)));
    }
    return of.note('this list', node);
  });
}

const TYPES: Readonly<Record<string, number>> = {
  'builtins.str': STR,
  'builtins.int': INT | BOOL,
  'builtins.float': FLOAT,
  'builtins.bool': BOOL,
  'collections.abc.Mapping': DICT,
  'typing.Mapping': DICT,
  'collections.abc.Sequence': LIST | STR,
  'typing.Sequence': LIST | STR,
  'collections.abc.Iterable': LIST | STR | DICT,
  'typing.Iterable': LIST | STR | DICT,
};

/** The types of JSON's values that a Python type takes in; undefined where it is not known. */
function instances(type: PyValue, value: Dynamic): number | undefined {
  if (type.kind === 'seq') {
    let mask = 0;
    for (const item of type.items) {
      const [only] = item;
      const found = only === undefined ? undefined : instances(only.value, value);
      if (found === undefined) return undefined;
      mask |= found;
    }
    return mask;
  }
  if (type.kind !== 'foreign') return undefined;
  const plainList = value.made === 'plain' || value.made === 'list';
  const plainMap = value.made === 'plain';
  switch (type.name) {
    case 'builtins.list':
    case 'typing.List':
      // The event's own lists and maps are neither list nor dict.
      return plainList ? LIST : 0;
    case 'builtins.dict':
    case 'typing.Dict':
      return plainMap ? DICT : 0;
    case 'builtins.tuple':
      return value.made === 'tuple' ? LIST : 0;
    case 'builtins.set':
    case 'builtins.bytes':
      return 0;
    case 'panther_core.immutable.ImmutableList':
      return value.made === 'event' ? LIST : 0;
    case 'panther_core.immutable.ImmutableCaseInsensitiveDict':
      return plainMap ? 0 : DICT;
    default:
      return TYPES[type.name];
  }
}

function isInstance(value: PyValue, types: PyValue, node: Expression | undefined, of: Translator): Outcomes {
  // Mocks are for tests, which Python runs.
  if (types.kind === 'foreign' && types.name === 'unittest.mock.MagicMock' && value.kind !== 'unknown')
    return sure(constant(false));
  if (value.kind === 'dynamic') {
    const mask = instances(types, value);
    return mask === undefined ? of.note('a test of a type', node) : sure(boolean(pairOf(isOf(value, mask))));
  }
  const names = types.kind === 'seq' ? types.items.flatMap((item) => item.map((each) => each.value)) : [types];
  if (value.kind === 'const' || value.kind === 'bool') {
    const mask = maskOf(value);
    const found = names.map((type) =>
      type.kind === 'foreign'
        ? (TYPES[type.name] ??
          (/^builtins\.(?:list|dict|tuple|set|bytes)$|^panther_core\./.test(type.name) ? 0 : undefined))
        : undefined,
    );
    if (found.some((each) => each === undefined)) return of.note('a test of a type', node);
    return sure(constant(found.some((each) => ((each ?? 0) & mask) !== 0)));
  }
  if (value.kind === 'seq' || value.kind === 'map') {
    const own =
      value.kind === 'map'
        ? ['builtins.dict', 'collections.abc.Mapping', 'typing.Mapping', 'typing.Dict']
        : [
            `builtins.${value.type}`,
            'typing.List',
            ...(value.type === 'set' ? [] : ['collections.abc.Sequence', 'typing.Sequence']),
          ];
    if (names.every((type) => type.kind === 'foreign'))
      return sure(constant(names.some((type) => type.kind === 'foreign' && own.includes(type.name))));
  }
  return of.note('a test of a type', node);
}

function flagsOf(...given: readonly (Outcomes | undefined)[]): string | undefined {
  let flags = '';
  for (const outcomes of given) {
    for (const { value } of outcomes ?? []) {
      if (value.kind === 'foreign' && /^re\.(?:I|IGNORECASE)$/.test(value.name)) flags += 'i';
      else if (value.kind === 'foreign' && /^re\.(?:S|DOTALL)$/.test(value.name)) flags += 's';
      else return undefined;
    }
  }
  return flags;
}

/** A search by a regular expression: a match, which is true, or None. */
export function regexMatch(
  source: string,
  flags: string,
  how: string,
  value: PyValue,
  node: Expression | undefined,
  of: Translator,
): Outcomes {
  const pattern = pythonRegex(source, flags, how);
  if (pattern === undefined) return of.note('this regular expression', node);
  const options = { flavour: 'pcre', flags: pattern.flags, anchored: how === 'fullmatch', ignoreCase: false } as const;
  const compiled = compileRegex(pattern.source, options);
  if (!compiled.ok) return of.note('this regular expression', node);
  if (value.kind === 'const') {
    if (typeof value.value !== 'string') return [];
    const found = compiled.regex.test(value.value);
    return sure({ kind: 'maybe', t: found ? TRUE : FALSE, f: found ? FALSE : TRUE });
  }
  if (value.kind !== 'dynamic') return of.note('this regular expression', node);
  const test = match(
    value.expr,
    { kind: 'regex', source: pattern.source, flavour: 'pcre', flags: pattern.flags, anchored: how === 'fullmatch' },
    { quantifier: 'whole' },
  );
  const { t, f } = pairOf(test);
  return [{ cond: isOf(value, STR), value: { kind: 'maybe', t, f } }];
}

function wildcard(value: PyValue, pattern: PyValue, node: Expression | undefined, of: Translator): Outcomes {
  if (pattern.kind !== 'const' || typeof pattern.value !== 'string' || pattern.value.includes('['))
    return of.note('this pattern', node);
  if (value.kind !== 'dynamic')
    return value.kind === 'const' && value.value === null ? [] : of.note('this pattern', node);
  const parts: WildcardPart[] = pattern.value
    .split(/([*?])/)
    .filter((part) => part !== '')
    .map((part) => (part === '*' ? { any: 'many' } : part === '?' ? { any: 'one' } : { text: part }));
  const test = match(value.expr, { kind: 'wildcard', parts }, { quantifier: 'whole' });
  return [{ cond: isOf(value, STR), value: boolean(pairOf(test)) }];
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
