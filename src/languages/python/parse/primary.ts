import type { Expression } from '../ast.ts';
import { parseArguments } from './arguments.ts';
import { parseAtom } from './atom.ts';
import { type Cursor, MAX_CHAIN } from './cursor.ts';

/** `primary: atom ('.' NAME | '(' [arguments] ')' | '[' slices ']')*`. */
export function parsePrimary(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  let found = parseAtom(cursor);
  for (let chain = 0; !cursor.ended; chain += 1) {
    if (chain > MAX_CHAIN) cursor.fail('too many operators in a row');
    if (cursor.eat('.')) {
      const attr = cursor.identifier();
      found = { kind: 'Attribute', value: found, attr, start, end: cursor.taken };
    } else if (cursor.eat('(')) {
      const { args, keywords } = parseArguments(cursor);
      cursor.expect(')');
      found = { kind: 'Call', func: found, args, keywords, start, end: cursor.taken };
    } else if (cursor.eat('[')) {
      const slice = parseSlices(cursor);
      cursor.expect(']');
      found = { kind: 'Subscript', value: found, slice, start, end: cursor.taken };
    } else break;
  }
  return found;
}

/** `slices: slice !',' | ','.slice+ [',']`. */
function parseSlices(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  const first = parseSlice(cursor);
  if (!cursor.sees(',')) return first;
  const elts = [first];
  while (cursor.eat(',') && !cursor.sees(']')) elts.push(parseSlice(cursor));
  return { kind: 'Tuple', elts, start, end: cursor.taken };
}

function parseSlice(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  const bound = (): Expression | null =>
    cursor.sees(':') || cursor.sees(']') || cursor.sees(',') ? null : cursor.grammar.expression(cursor);
  if (!cursor.sees(':')) {
    const first = cursor.grammar.starred(cursor);
    if (!cursor.sees(':')) return first;
    return rest(first);
  }
  return rest(null);
  function rest(lower: Expression | null): Expression {
    cursor.expect(':');
    const upper = bound();
    const step = cursor.eat(':') ? bound() : null;
    return { kind: 'Slice', lower, upper, step, start, end: cursor.taken };
  }
}
