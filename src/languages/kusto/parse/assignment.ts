import type { Assignment, Expression, Name, Option } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { name, nameOrReport } from './name.ts';
import { star } from './primary.ts';

/** `assignments := assignment (',' assignment)*` */
export function assignments(cursor: Cursor): readonly Assignment[] {
  return cursor.list(() => assignment(cursor));
}

/** `assignment := [name '=' | '(' name, … ')' '='] expression | '*'` */
export function assignment(cursor: Cursor, value: (cursor: Cursor) => Expression = whole): Assignment {
  const { start } = cursor.peek();
  const names = assigned(cursor);
  return { names, value: value(cursor), span: cursor.since(start) };
}

function whole(cursor: Cursor): Expression {
  const next = cursor.peek(1);
  const alone = cursor.sees('*') && (next.kind === 'end' || [',', '|', ')', ';', 'by'].includes(next.text));
  return alone ? star(cursor) : cursor.grammar.expression(cursor);
}

/** The names before `=`; none, and nothing taken, where there is no such thing. */
export function assigned(cursor: Cursor): readonly Name[] {
  const mark = cursor.mark();
  if (cursor.take('(')) {
    const names: Name[] = [];
    do {
      const found = name(cursor);
      if (found !== undefined) names.push(found);
    } while (cursor.take(','));
    if (names.length > 0 && cursor.take(')') && cursor.take('=')) return names;
  } else {
    const found = name(cursor);
    if (found !== undefined && cursor.take('=')) return [found];
  }
  cursor.rewind(mark);
  return [];
}

/** `options := (name ('.' name)* '=' value [','])*`, of these names, or hints. Without names: any. */
export function options(cursor: Cursor, names?: readonly string[]): readonly Option[] {
  const found: Option[] = [];
  while (atHint(cursor) || (cursor.at('name') && cursor.peek(1).text === '=' && isOne(cursor.peek().value, names))) {
    found.push(option(cursor));
    cursor.take(',');
  }
  return found;
}

function isOne(word: string, names: readonly string[] | undefined): boolean {
  return names === undefined || names.includes(word);
}

/** `hint.strategy = shuffle`: advice to the service, without a meaning of its own. */
function atHint(cursor: Cursor): boolean {
  return cursor.seesWord('hint') && cursor.peek(1).text === '.';
}

function option(cursor: Cursor): Option {
  const { start } = cursor.peek();
  const first = nameOrReport(cursor, 'an option');
  let text = first.text;
  while (cursor.take('.')) text += `.${nameOrReport(cursor, 'an option').text}`;
  const whole: Name = { text, span: cursor.since(start) };
  cursor.expect('=');
  const value = optionValue(cursor);
  return { name: whole, value, span: cursor.since(start) };
}

/** `value := name | literal` */
function optionValue(cursor: Cursor): Expression {
  const token = cursor.peek();
  if (token.kind === 'name') {
    cursor.next();
    return { kind: 'name', name: token.value, span: cursor.spanOf(token) };
  }
  if (token.kind === 'symbol' && token.text !== '-') {
    cursor.expected('a value');
    return { kind: 'bad', span: cursor.here() };
  }
  return cursor.grammar.operand(cursor);
}

/** `properties := ['with' '(' [name '=' value (',' name '=' value)*] ')']` */
export function properties(cursor: Cursor): readonly Option[] {
  if (!cursor.seesWord('with') || cursor.peek(1).text !== '(') return [];
  cursor.next();
  return cursor.bracketed('(', () => option(cursor));
}
