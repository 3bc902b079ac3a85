import { row, type Signature } from '../signature.ts';

export type EsqlParseFunction = 'esql.grok' | 'esql.dissect' | 'esql.json-extract';

/** What takes texts apart in ES|QL. */
export const esqlParseFunctions: Record<EsqlParseFunction, Signature> = {
  'esql.grok': row(
    { texts: 'any', 'patterns*': 'string' },
    'dynamic',
    'What the first Grok pattern that fits captures, by name; of several texts the values of all. A map without members where none fits.',
    [
      [['10 done', '%{INT:n:int} %{WORD:what}'], { n: 10n, what: 'done' }],
      [['x', '%{INT:n}'], {}],
    ],
  ),
  'esql.dissect': row(
    { texts: 'any', pattern: 'string', separator: 'string' },
    'dynamic',
    'The parts of a text between the delimiters of a pattern, by name; appended parts are joined by the separator. A map without members where the text does not fit.',
    [
      [['a b', '%{x} %{y}', ''], { x: 'a', y: 'b' }],
      [['b a', '%{+x/2} %{+x/1}', ','], { x: 'a,b' }],
    ],
  ),
  'esql.json-extract': row(
    { source: 'any', path: 'any' },
    'string',
    'What stands at a path of a JSON text: scalars as text, what is compound as JSON. Null where there is nothing.',
    [
      [['{"a":{"b":[1,"x"]}}', 'a.b[1]'], 'x'],
      [['{"a":{"b":1}}', "['a']"], '{"b":1}'],
      [['{"a":null}', 'a'], null],
      [['{', 'a'], null],
    ],
  ),
};
