import type { Expression, MatchCase, MatchPattern, Stmt } from '../ast.ts';
import type { Cursor } from './cursor.ts';
import { parseExpressions, parseNamed } from './expression.ts';
import { parseBinary } from './operators.ts';

/** Whether `match` begins a statement here: its line ends in a colon, and a `case` is indented below it. */
export function atMatch(cursor: Cursor): boolean {
  if (cursor.peek().text !== 'match' || cursor.peek(1).kind === 'newline') return false;
  let at = 1;
  while (cursor.peek(at).kind !== 'newline' && cursor.peek(at).kind !== 'end') at += 1;
  const ends = cursor.peek(at - 1);
  if (ends.kind !== 'op' || ends.text !== ':') return false;
  return cursor.peek(at + 1).kind === 'indent' && cursor.peek(at + 2).text === 'case';
}

/** `match_stmt: 'match' subject_expr ':' NEWLINE INDENT case_block+ DEDENT`. */
export function parseMatch(cursor: Cursor, parseBlock: (cursor: Cursor) => Stmt[]): Stmt {
  const { start } = cursor.take();
  const subject = parseExpressions(cursor);
  cursor.expect(':');
  if (cursor.accept('newline') === undefined || cursor.accept('indent') === undefined)
    cursor.fail('a `case` is missing');
  const cases: MatchCase[] = [];
  while (!cursor.ended && !cursor.at('dedent')) {
    if (cursor.peek().text !== 'case') cursor.fail('a `case` is missing');
    else cursor.take();
    const pattern = parsePatterns(cursor);
    const guard = cursor.eat('if') ? parseNamed(cursor) : null;
    cases.push({ pattern, guard, body: parseBlock(cursor) });
  }
  if (cursor.accept('dedent') === undefined && !cursor.ended) cursor.fail('the block does not end');
  return { kind: 'Match', subject, cases, start, end: cursor.taken };
}

/** `patterns: open_sequence_pattern | pattern`. */
function parsePatterns(cursor: Cursor): MatchPattern {
  const { start } = cursor.peek();
  const first = parsePattern(cursor);
  if (!cursor.sees(',') && first.kind !== 'MatchStar') return first;
  const patterns = [first];
  while (cursor.eat(',') && !cursor.sees(':') && !cursor.sees('if')) patterns.push(parsePattern(cursor));
  return { kind: 'MatchSequence', patterns, start, end: cursor.taken };
}

/** `pattern: or_pattern ['as' NAME]`, or a starred name inside a sequence. */
function parsePattern(cursor: Cursor): MatchPattern {
  return cursor.nest(
    (): MatchPattern => {
      const { start } = cursor.peek();
      if (cursor.eat('*')) {
        const name = cursor.identifier();
        return { kind: 'MatchStar', name: name === '_' ? null : name, start, end: cursor.taken };
      }
      const patterns = [parseClosed(cursor)];
      while (cursor.eat('|')) patterns.push(parseClosed(cursor));
      const [only] = patterns;
      const found: MatchPattern =
        patterns.length === 1 && only !== undefined ? only : { kind: 'MatchOr', patterns, start, end: cursor.taken };
      if (!cursor.eat('as')) return found;
      const name = cursor.identifier();
      return { kind: 'MatchAs', pattern: found, name, start, end: cursor.taken };
    },
    (): MatchPattern => {
      cursor.fail('the nesting is too deep');
      return { kind: 'MatchAs', pattern: null, name: null, start: 0, end: 0 };
    },
  );
}

function parseClosed(cursor: Cursor): MatchPattern {
  const { start, text, kind } = cursor.peek();
  if (kind === 'name' && (text === 'None' || text === 'True' || text === 'False')) {
    cursor.take();
    return { kind: 'MatchSingleton', value: text === 'None' ? null : text === 'True', start, end: cursor.taken };
  }
  if (cursor.eat('[')) return sequence(cursor, ']', start);
  if (cursor.eat('(')) return grouped(cursor, start);
  if (cursor.eat('{')) return mapping(cursor, start);
  if (cursor.atIdentifier) {
    const dotted = cursor.sees('.', 1);
    if (!dotted && !cursor.sees('(', 1)) {
      const name = cursor.identifier();
      return { kind: 'MatchAs', pattern: null, name: name === '_' ? null : name, start, end: cursor.taken };
    }
    return named(cursor, start);
  }
  const value = parseBinary(cursor, 5);
  return { kind: 'MatchValue', value, start, end: cursor.taken };
}

function sequence(cursor: Cursor, close: string, start: number): MatchPattern {
  const patterns: MatchPattern[] = [];
  while (!cursor.sees(close) && !cursor.ended) {
    patterns.push(parsePattern(cursor));
    if (!cursor.eat(',')) break;
  }
  cursor.expect(close);
  return { kind: 'MatchSequence', patterns, start, end: cursor.taken };
}

/** A pattern in brackets, or a sequence. */
function grouped(cursor: Cursor, start: number): MatchPattern {
  if (cursor.sees(')')) return sequence(cursor, ')', start);
  const first = parsePattern(cursor);
  if (first.kind !== 'MatchStar' && cursor.eat(')')) return first;
  const patterns = [first];
  while (cursor.eat(',') && !cursor.sees(')')) patterns.push(parsePattern(cursor));
  cursor.expect(')');
  return { kind: 'MatchSequence', patterns, start, end: cursor.taken };
}

function mapping(cursor: Cursor, start: number): MatchPattern {
  const keys: Expression[] = [];
  const patterns: MatchPattern[] = [];
  let rest: string | null = null;
  while (!cursor.sees('}') && !cursor.ended) {
    if (cursor.eat('**')) rest = cursor.identifier();
    else {
      keys.push(parseBinary(cursor, 5));
      cursor.expect(':');
      patterns.push(parsePattern(cursor));
    }
    if (!cursor.eat(',')) break;
  }
  cursor.expect('}');
  return { kind: 'MatchMapping', keys, patterns, rest, start, end: cursor.taken };
}

/** A dotted name as a value, or a class with its parts. */
function named(cursor: Cursor, start: number): MatchPattern {
  let cls: Expression = { kind: 'Name', id: cursor.identifier(), start, end: cursor.taken };
  while (cursor.eat('.')) {
    const attr = cursor.identifier();
    cls = { kind: 'Attribute', value: cls, attr, start, end: cursor.taken };
  }
  if (!cursor.eat('(')) return { kind: 'MatchValue', value: cls, start, end: cursor.taken };
  const patterns: MatchPattern[] = [];
  const attributes: string[] = [];
  const kwdPatterns: MatchPattern[] = [];
  while (!cursor.sees(')') && !cursor.ended) {
    if (cursor.atIdentifier && cursor.sees('=', 1)) {
      attributes.push(cursor.identifier());
      cursor.take();
      kwdPatterns.push(parsePattern(cursor));
    } else patterns.push(parsePattern(cursor));
    if (!cursor.eat(',')) break;
  }
  cursor.expect(')');
  return {
    kind: 'MatchClass',
    cls,
    patterns,
    kwd_attrs: attributes,
    kwd_patterns: kwdPatterns,
    start,
    end: cursor.taken,
  };
}
