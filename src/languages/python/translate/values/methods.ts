import { call, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Expression } from '../../ast.ts';
import { isScalarText } from '../conditions/facts.ts';
import { ANY, DICT, LIST, STR } from '../conditions/types.ts';
import type { Translator } from '../context.ts';
import { attributeOfModule } from '../syntax/names.ts';
import { hasAttribute, holdersOf } from './attributes.ts';
import { eventMethod, isRoot } from './event.ts';
import { regexMatch } from './patterns.ts';
import { childOf, presence, withDefault } from './places.ts';
import { textMatch } from './text-match.ts';
import { textMethod } from './text-methods.ts';
import {
  constant,
  dynamic,
  expressionOf,
  hashable,
  isOf,
  literal,
  madeOfItems,
  NOTHING,
  type Outcomes,
  operation,
  type PyValue,
  sure,
} from './value.ts';

export function attributeOf(value: PyValue, attr: string, node: Expression | undefined, of: Translator): Outcomes {
  switch (value.kind) {
    case 'foreign':
      if (value.name.startsWith('module:')) return attributeOfModule(value.name.slice(7), attr, node, of);
      return sure({ kind: 'foreign', name: `${value.name}.${attr}` });
    case 'dynamic':
      return of.guard(isOf(value, holdersOf(value, attr)), sure({ kind: 'method', self: value, name: attr }));
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
        of.guard(textMatch(index, { kind: 'equals', value: key }), found),
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
    return [{ cond: of.all([isOf(value, DICT), presence(child)]), value: child }];
  }
  if (typeof index.value !== 'number') return of.note('an item', node);
  return of.guard(
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
      return of.guard(isOf(self, DICT), withDefault(childOf(self, key.value), otherwise, of));
    }
    const expr = expressionOf(key);
    if (expr === undefined || key.kind !== 'dynamic' || args.length > 1)
      return of.note('a key that is not known', node);
    const folds = self.made === 'event';
    const found = dynamic(call('python.get', [self.expr, expr, literal(folds)]), ANY, self.made);
    // Keys in any case are texts; but nothing is looked for in an empty map.
    const other = folds
      ? of.all([isOf(key, OTHER_KEYS), of.pairOf(call('python.truthy', [self.expr])).f])
      : isOf(key, OTHER_KEYS);
    return of.guard(isOf(self, DICT), [
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
      found.push(of.guard(test, value));
    }
    return of.guard(hashable(key), [...found.flat(), ...of.guard(of.pairOf(of.any(tests)).f, otherwise)]);
  });
}
