import type { Signature } from './signature.ts';

/**
 * What Python does with values, for rules written in it: types count (`1` is not `"1"`), and where Python raises an
 * exception a function gives nothing (missing). A missing argument is None.
 */
export type PythonFunction =
  | 'python.is-type'
  | 'python.truthy'
  | 'python.equals'
  | 'python.contains'
  | 'python.less'
  | 'python.less-equal'
  | 'python.get'
  | 'python.item'
  | 'python.slice'
  | 'python.iterate'
  | 'python.items'
  | 'python.deep-walk'
  | 'python.len'
  | 'python.str'
  | 'python.repr'
  | 'python.int'
  | 'python.add'
  | 'python.strip'
  | 'python.split'
  | 'python.replace'
  | 'python.join'
  | 'python.starts-with'
  | 'python.ends-with'
  | 'python.text-is'
  | 'python.json-loads';

const row = (
  parameters: Signature['parameters'],
  result: Signature['result'],
  doc: string,
  rest = false,
): Signature => ({
  parameters,
  ...(rest && { rest }),
  result,
  nulls: 'handled',
  doc,
});

export const pythonFunctions: Record<PythonFunction, Signature> = {
  'python.is-type': row(
    ['scalar', 'string'],
    'bool',
    'Whether the value is of one of the Python types named: str, int, float, bool, none, list, dict.',
    true,
  ),
  'python.truthy': row(['scalar'], 'bool', 'What Python takes the value for where it asks for a truth value.'),
  'python.equals': row(['scalar', 'scalar'], 'bool', "Python's `==`."),
  'python.contains': row(
    ['scalar', 'scalar', 'bool'],
    'bool',
    "Python's `in`: the second in the first; keys in any case if the third is true.",
  ),
  'python.less': row(['scalar', 'scalar'], 'bool', "Python's `<`."),
  'python.less-equal': row(['scalar', 'scalar'], 'bool', "Python's `<=`."),
  'python.get': row(
    ['scalar', 'string', 'bool'],
    'scalar',
    'The value of a key of a map; in any case if the third is true.',
  ),
  'python.item': row(
    ['scalar', 'scalar'],
    'scalar',
    'An item of a list or a character of a text by its index, from the end if negative.',
  ),
  'python.slice': row(['scalar', 'scalar', 'scalar'], 'scalar', 'Items or characters from one index up to another.'),
  'python.iterate': row(['scalar'], 'dynamic', 'What a `for` over the value goes through: items, keys or characters.'),
  'python.items': row(['scalar', 'string'], 'dynamic', 'The keys, values or items of a map.'),
  'python.deep-walk': row(
    ['dynamic', 'scalar', 'string', 'string'],
    'scalar',
    'What lies below keys, through lists, without doubles; the default, which of all, the keys.',
    true,
  ),
  'python.len': row(['scalar'], 'long', "Python's `len`."),
  'python.str': row(['scalar'], 'string', "Python's `str`."),
  'python.repr': row(['scalar'], 'string', "Python's `repr`."),
  'python.int': row(['scalar'], 'long', "Python's `int` of a number or of text in base 10."),
  'python.add': row(['scalar', 'scalar'], 'scalar', "Python's `+` of numbers, texts or lists."),
  'python.strip': row(
    ['string', 'scalar', 'string'],
    'string',
    'The text without white space, or the characters given, at `both`, `start` or `end`.',
  ),
  'python.split': row(
    ['string', 'scalar', 'long', 'bool'],
    'dynamic',
    'The parts of a text; at most so many splits, from the end if the fourth is true.',
  ),
  'python.replace': row(
    ['string', 'string', 'string'],
    'string',
    'The text with every occurrence of the second replaced by the third.',
  ),
  'python.join': row(['string', 'scalar'], 'string', 'The texts of a list, the first between them.'),
  'python.starts-with': row(['string', 'string'], 'bool', 'Whether the first text starts with the second.'),
  'python.ends-with': row(['string', 'string'], 'bool', 'Whether the first text ends with the second.'),
  'python.text-is': row(
    ['string', 'string'],
    'bool',
    'Whether a text is of a kind: digit, alpha, alnum, upper, lower, space, ascii.',
  ),
  'python.json-loads': row(['scalar'], 'scalar', "Python's `json.loads`."),
};
