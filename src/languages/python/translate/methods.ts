import { call, FALSE, TRUE, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { Expression } from '../ast.ts';
import { hasAttribute, holdersOf } from './attributes.ts';
import { regexMatch } from './calls.ts';
import { textMatch } from './compare.ts';
import { eventMethod, isRoot } from './event.ts';
import { all, any, isScalarText } from './logic.ts';
import { childOf, presence, withDefault } from './places.ts';
import type { Translator } from './translator.ts';
import { ANY, DICT, LIST, STR } from './types.ts';
import {
  boolean,
  constant,
  type Dynamic,
  dynamic,
  expressionOf,
  guard,
  hashable,
  isOf,
  literal,
  madeOfItems,
  NOTHING,
  type Outcomes,
  operation,
  type PyValue,
  pairOf,
  sure,
} from './value.ts';

export function attributeOf(value: PyValue, attr: string, node: Expression | undefined, of: Translator): Outcomes {
  switch (value.kind) {
    case 'foreign':
      if (value.name.startsWith('module:')) return of.attributeOfModule(value.name.slice(7), attr, node);
      return sure({ kind: 'foreign', name: `${value.name}.${attr}` });
    case 'dynamic':
      return guard(isOf(value, holdersOf(value, attr)), sure({ kind: 'method', self: value, name: attr }));
    case 'const':
    case 'seq':
    case 'map':
    case 'regex':
      return hasAttribute(value, attr) ? sure({ kind: 'method', self: value, name: attr }) : [];
    case 'comprehension':
    case 'maybe':
      return sure({ kind: 'method', self: value, name: attr });
    case 'bool':
    case 'function':
    case 'lambda':
    case 'method':
    case 'unknown':
      return of.note(`the attribute \`${attr}\` of what is not known`, node);
  }
}

/** `value[index]`. */
export function itemOf(value: PyValue, index: PyValue, node: Expression | undefined, of: Translator): Outcomes {
  if (value.kind === 'const') return value.value === null ? [] : of.note('an item of a text', node);
  if (index.kind !== 'const') {
    if (value.kind === 'map' && index.kind === 'dynamic' && index.mask === STR) {
      return [...value.entries].flatMap(([key, found]) =>
        guard(textMatch(index, { kind: 'equals', value: key }), found),
      );
    }
    return of.note('an index that is not known', node);
  }
  if (value.kind === 'seq' && typeof index.value === 'number') {
    return value.items.at(index.value) ?? [];
  }
  if (value.kind === 'map' && typeof index.value === 'string') return value.entries.get(index.value) ?? [];
  if (value.kind !== 'dynamic') return of.note('an item', node);
  if (typeof index.value === 'string') {
    const child = childOf(value, index.value);
    return [{ cond: all([isOf(value, DICT), presence(child)]), value: child }];
  }
  if (typeof index.value !== 'number') return of.note('an item', node);
  return guard(
    isOf(value, STR | LIST),
    operation('python.item', [value.expr, literal(index.value)], value.mask === STR ? STR : ANY, madeOfItems(value)),
  );
}

export function callMethod(
  self: PyValue,
  name: string,
  args: readonly Outcomes[],
  keywords: ReadonlyMap<string, Outcomes>,
  node: Expression | undefined,
  of: Translator,
): Outcomes {
  if (self.kind === 'dynamic' && isRoot(self)) {
    const found = eventMethod(self, name, args, keywords, node, of);
    if (found !== undefined) return found;
  }
  if (self.kind === 'regex' && ['search', 'match', 'fullmatch'].includes(name)) {
    return of.each(args[0] ?? [], (value) => regexMatch(self.source, self.flags, name, value, node, of));
  }
  if (keywords.size > 0 && self.kind !== 'regex') return of.note(`the method \`${name}\` with named arguments`, node);
  if (self.kind === 'map') return mapMethod(self, name, args, node, of);
  if (name === 'get') return getMethod(self, args, node, of);
  if (self.kind === 'const' || self.kind === 'dynamic') return textMethod(self, name, args, node, of);
  return of.note(`the method \`${name}\``, node);
}

function getMethod(self: PyValue, args: readonly Outcomes[], node: Expression | undefined, of: Translator): Outcomes {
  if (self.kind === 'const' || self.kind === 'seq') return [];
  if (self.kind !== 'dynamic') return of.note('the method `get`', node);
  const [keys = [], otherwise = sure(NOTHING)] = args;
  return of.each(keys, (key) => {
    if (key.kind === 'const' && typeof key.value === 'string') {
      return guard(isOf(self, DICT), withDefault(childOf(self, key.value), otherwise));
    }
    const expr = expressionOf(key);
    if (expr === undefined || key.kind !== 'dynamic' || args.length > 1)
      return of.note('a key that is not known', node);
    const folds = self.made === 'event';
    const found = dynamic(call('python.get', [self.expr, expr, literal(folds)]), ANY, self.made);
    // Keys in any case are texts; but nothing is looked for in an empty map.
    const other = folds
      ? all([isOf(key, OTHER_KEYS), pairOf(call('python.truthy', [self.expr])).f])
      : isOf(key, OTHER_KEYS);
    return guard(isOf(self, DICT), [
      { cond: isOf(key, STR), value: found },
      { cond: other, value: NOTHING },
    ]);
  });
}

/** What can be a key of a dict, and is none of a map of JSON. */
const OTHER_KEYS = ANY & ~(STR | LIST | DICT);

function mapMethod(
  self: PyValue & { readonly kind: 'map' },
  name: string,
  args: readonly Outcomes[],
  node: Expression | undefined,
  of: Translator,
): Outcomes {
  const list = (items: readonly Outcomes[]): Outcomes => sure({ kind: 'seq', type: 'list', items, frame: -1 });
  if (name === 'keys') return list([...self.entries.keys()].map((key) => sure(constant(key))));
  if (name === 'values') return list([...self.entries.values()]);
  if (name === 'items') {
    return list(
      [...self.entries].map(([key, value]) =>
        sure({ kind: 'seq', type: 'tuple', items: [sure(constant(key)), value], frame: -1 }),
      ),
    );
  }
  if (name !== 'get') return of.note(`the method \`${name}\``, node);
  const [keys = [], otherwise = sure(NOTHING)] = args;
  return of.each(keys, (key) => {
    if (key.kind === 'const')
      return (typeof key.value === 'string' ? self.entries.get(key.value) : undefined) ?? otherwise;
    if (key.kind !== 'dynamic' || self.entries.size > 40) return of.note('a key that is not known', node);
    const found: Outcomes[] = [];
    const tests: Expr[] = [];
    for (const [each, value] of self.entries) {
      const test =
        isScalarText(each) && key.mask !== STR
          ? call('python.equals', [key.expr, text(each)])
          : textMatch(key, { kind: 'equals', value: each });
      tests.push(test);
      found.push(guard(test, value));
    }
    return guard(hashable(key), [...found.flat(), ...guard(pairOf(any(tests)).f, otherwise)]);
  });
}

const CASES = { lower: 'text.lower', casefold: undefined, upper: 'text.upper' } as const;
const STRIPS: Readonly<Record<string, string>> = { strip: 'both', lstrip: 'start', rstrip: 'end' };

/** Methods of str. */
function textMethod(
  self: Dynamic | (PyValue & { readonly kind: 'const' }),
  name: string,
  args: readonly Outcomes[],
  node: Expression | undefined,
  of: Translator,
): Outcomes {
  const subject = expressionOf(self);
  if (self.kind === 'const' && typeof self.value !== 'string') return [];
  if (subject === undefined) return [];
  const isText = self.kind === 'const' ? TRUE : isOf(self, STR);
  const fixed = self.kind === 'const' && typeof self.value === 'string' ? self.value : undefined;
  if (name === 'lower' || name === 'upper') {
    if (fixed !== undefined) return sure(constant(name === 'lower' ? fixed.toLowerCase() : fixed.toUpperCase()));
    return guard(isText, sure(dynamic(call(CASES[name], [subject]), STR, 'plain')));
  }
  const where = STRIPS[name];
  if (where !== undefined) {
    return of.each(args[0] ?? sure(NOTHING), (characters) => {
      const chars = expressionOf(characters);
      if (chars === undefined || characters.kind !== 'const') return of.note(`the method \`${name}\``, node);
      return guard(isText, sure(dynamic(call('python.strip', [subject, chars, text(where)]), STR, 'plain')));
    });
  }
  if (name === 'startswith' || name === 'endswith') {
    if (args.length !== 1) return of.note(`the method \`${name}\` with a range`, node);
    return of.each(args[0] ?? [], (part) => guard(isText, affix(self, subject, name, part, node, of)));
  }
  if (name === 'split' || name === 'rsplit') {
    const separator = knownOf(args[0] ?? sure(NOTHING));
    const most = knownOf(args[1] ?? sure(constant(-1)));
    if (separator === undefined || typeof most !== 'number') return of.note(`the method \`${name}\``, node);
    if (separator === null && most >= 0) return of.note(`the method \`${name}\``, node);
    if (separator === '') return [];
    if (fixed !== undefined && typeof separator === 'string' && most < 0) {
      return sure({
        kind: 'seq',
        type: 'list',
        items: fixed.split(separator).map((each) => sure(constant(each))),
        frame: -1,
      });
    }
    const given =
      separator === null
        ? { kind: 'literal' as const, type: 'dynamic' as const, value: 'null' }
        : text(String(separator));
    const count: Expr = { kind: 'literal', type: 'dynamic', value: String(most) };
    const fromEnd: Expr = { kind: 'literal', type: 'bool', value: name === 'rsplit' };
    return guard(isText, sure(dynamic(call('python.split', [subject, given, count, fromEnd]), LIST, 'plain')));
  }
  if (name === 'replace' && args.length === 2) {
    const from = knownOf(args[0] ?? []);
    const to = knownOf(args[1] ?? []);
    if (typeof from !== 'string' || typeof to !== 'string') return of.note('the method `replace`', node);
    return guard(isText, sure(dynamic(call('python.replace', [subject, text(from), text(to)]), STR, 'plain')));
  }
  if (name === 'join' && fixed !== undefined) {
    return of.each(args[0] ?? [], (parts) => {
      if (parts.kind === 'dynamic') return operation('python.join', [subject, parts.expr], STR);
      const given = expressionOf(parts);
      if (given === undefined || parts.kind !== 'seq') return of.note('the method `join`', node);
      return operation('python.join', [subject, given], STR);
    });
  }
  if (self.kind === 'dynamic' && ['keys', 'values', 'items'].includes(name) && args.length === 0) {
    const made = self.made === 'event' ? 'list' : 'plain';
    // Pairs hold what the event holds, but are tuples: they are only taken apart.
    if (name === 'items') return of.note('the items of a map', node);
    return guard(isOf(self, DICT), sure(dynamic(call('python.items', [subject, text(name)]), LIST, made)));
  }
  if (self.kind === 'dynamic' && (self.mask & STR) === 0) return [];
  return of.note(`the method \`${name}\``, node);
}

function knownOf(outcomes: Outcomes): string | number | boolean | null | undefined {
  const [only] = outcomes;
  return outcomes.length === 1 && only?.cond === TRUE && only.value.kind === 'const' ? only.value.value : undefined;
}

/** `startswith` and `endswith`, of one text or of several. The value is known to be a text. */
function affix(
  self: PyValue,
  subject: Expr,
  name: 'startswith' | 'endswith',
  part: PyValue,
  node: Expression | undefined,
  of: Translator,
): Outcomes {
  const kind = name === 'startswith' ? 'prefix' : 'suffix';
  if (part.kind === 'const') {
    if (typeof part.value !== 'string') return [];
    if (self.kind === 'const' && typeof self.value === 'string') {
      return sure(constant(kind === 'prefix' ? self.value.startsWith(part.value) : self.value.endsWith(part.value)));
    }
    if (self.kind !== 'dynamic') return [];
    return sure(boolean(pairOf(textMatch(self, { kind, text: part.value }))));
  }
  if (part.kind === 'seq') {
    // Only a tuple is taken; a list raises.
    if (part.type !== 'tuple') return [];
    const tests: Expr[] = [];
    for (const item of part.items) {
      const known = knownOf(item);
      if (typeof known !== 'string') return of.note(`the method \`${name}\``, node);
      if (self.kind === 'dynamic') tests.push(textMatch(self, { kind, text: known }));
      else if (self.kind === 'const') {
        const whole = String(self.value);
        tests.push((kind === 'prefix' ? whole.startsWith(known) : whole.endsWith(known)) ? TRUE : FALSE);
      }
    }
    return sure(boolean(pairOf(any(tests))));
  }
  if (part.kind !== 'dynamic' || part.made === 'tuple') return of.note(`the method \`${name}\``, node);
  const test = call(kind === 'prefix' ? 'python.starts-with' : 'python.ends-with', [subject, part.expr]);
  return [{ cond: isOf(part, STR), value: boolean(pairOf(test)) }];
}
