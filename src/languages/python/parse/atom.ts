import type { Constant, Expression, Name } from '../ast.ts';
import { parseBraces, parseList, parseParenthesised } from './brackets.ts';
import type { Cursor } from './cursor.ts';
import { parseStrings } from './string.ts';

export function parseName(cursor: Cursor): Name {
  const { start } = cursor.peek();
  const id = cursor.identifier();
  return { kind: 'Name', id, start, end: cursor.taken };
}

export function parseAtom(cursor: Cursor): Expression {
  const token = cursor.peek();
  const { start } = token;
  switch (token.kind) {
    case 'string':
      return parseStrings(cursor);
    case 'number':
      cursor.take();
      return number(token.text, start, token.end);
    case 'name': {
      const word = WORDS.get(token.text);
      if (word === undefined) return parseName(cursor);
      cursor.take();
      return { kind: 'Constant', ...word, start, end: token.end };
    }
    case 'op':
      if (token.text === '(') return parseParenthesised(cursor);
      if (token.text === '[') return parseList(cursor);
      if (token.text === '{') return parseBraces(cursor);
      if (token.text === '...') {
        cursor.take();
        return { kind: 'Constant', type: 'ellipsis', value: null, start, end: token.end };
      }
      break;
    case 'newline':
    case 'indent':
    case 'dedent':
    case 'end':
      break;
  }
  cursor.fail('an expression is missing');
  return cursor.nothing();
}

const WORDS = new Map<string, Pick<Constant, 'type' | 'value'>>([
  ['None', { type: 'none', value: null }],
  ['True', { type: 'bool', value: true }],
  ['False', { type: 'bool', value: false }],
]);

function number(text: string, start: number, end: number): Constant {
  const plain = text.replaceAll('_', '');
  const node = { kind: 'Constant' as const, start, end };
  if (/^0[xob]/i.test(plain)) return { ...node, type: 'int', value: BigInt(plain).toString() };
  if (/j$/i.test(plain)) return { ...node, type: 'complex', value: Number(plain.slice(0, -1)) };
  if (/[.e]/i.test(plain)) return { ...node, type: 'float', value: Number(plain) };
  return { ...node, type: 'int', value: BigInt(plain).toString() };
}
