import type { Expression } from '../../ast.ts';
import { BOOL, DICT, FLOAT, INT, LIST, STR } from '../conditions/types.ts';
import type { Translator } from '../context.ts';
import { boolean, constant, type Dynamic, isOf, maskOf, type Outcomes, type PyValue, sure } from './value.ts';

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

/** `isinstance`. */
export function isInstance(value: PyValue, types: PyValue, node: Expression | undefined, of: Translator): Outcomes {
  // Mocks are for tests, which Python runs.
  if (types.kind === 'foreign' && types.name === 'unittest.mock.MagicMock' && value.kind !== 'unknown')
    return sure(constant(false));
  if (value.kind === 'dynamic') {
    const mask = instances(types, value);
    return mask === undefined ? of.note('a test of a type', node) : sure(boolean(of.pairOf(isOf(value, mask))));
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
