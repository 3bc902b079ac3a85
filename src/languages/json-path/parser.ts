import type { SourceText } from '../../base/source-text.ts';
import { TokenStream } from '../../base/syntax/token-stream.ts';
import type { JsonPath, JsonPathConstant, JsonPathTest } from '../../ir/json-path.ts';
import { type JsonPathProblem, type JsonPathToken, type JsonPathTokenKind, lexJsonPath } from './lexer.ts';
import { namedOperator } from './named-operator.ts';

/**
 * Reads a path of the JSONPath dialect of Python's `jsonpath_ng.ext` (https://github.com/h2non/jsonpath-ng), whose grammar is
 * ambiguous; what its parser makes of it is written down here: a bracket applies to all that stands before it.
 */
export function parseJsonPath(source: SourceText): JsonPath | JsonPathProblem {
  const tokens = lexJsonPath(source);
  if ('reason' in tokens) return tokens;
  const cursor = new Cursor(source, tokens);
  const found = cursor.path(0);
  if (!cursor.at('end')) cursor.fail(`\`${cursor.peek().text}\` has no place there`);
  return cursor.problem ?? found;
}

/** How tightly each operator binds; all of them to the left. */
const BINARY: ReadonlyMap<string, readonly [number, (JsonPath & { readonly left: unknown })['kind'] & Binary]> =
  new Map([
    ['..', [1, 'descendants']],
    ['.', [2, 'child']],
    ['|', [3, 'union']],
    ['&', [4, 'intersection']],
    ['where', [5, 'where']],
    ['wherenot', [6, 'where-not']],
  ]);
type Binary = 'child' | 'descendants' | 'where' | 'where-not' | 'union' | 'intersection';

const NOTHING: JsonPath = { kind: 'this' };

/** The first problem ends the reading: the cursor goes to the end, where every loop stops. */
class Cursor extends TokenStream<JsonPathTokenKind, JsonPathToken> {
  problem: JsonPathProblem | undefined;
  private readonly last: number;

  constructor(source: SourceText, tokens: readonly JsonPathToken[]) {
    super(source, tokens);
    this.last = tokens.length - 1;
  }

  fail(reason: string, at: number = this.peek().start): void {
    this.problem ??= { reason, at };
    this.rewind(this.last);
  }

  /**
   * `path: primary (('..' | '.' | '|' | '&' | 'where' | 'wherenot') path)* | path bracket | path arithmetic path`. `level`: only
   * operators that bind more tightly are taken; brackets and arithmetic, which bind least, only at 0.
   */
  path(level: number): JsonPath {
    return this.nest(
      () => this.rest(this.primary(), level),
      () => {
        this.fail('it is nested too deeply');
        return NOTHING;
      },
    );
  }

  /** What follows a path that has been read. */
  rest(start: JsonPath, level: number): JsonPath {
    let left = start;
    for (;;) {
      const token = this.peek();
      const operator = BINARY.get(token.kind === 'name' ? token.value : token.kind);
      if (operator !== undefined && operator[0] > level) {
        this.next();
        left = this.binary(left, operator[1], operator[0]);
      } else if (level === 0 && this.at('[')) {
        left = { kind: 'child', left, right: this.bracket(true) };
      } else if (level === 0 && this.at('+', '-', '*')) {
        left = this.arithmetic(left, 'path');
      } else return left;
    }
  }

  private binary(left: JsonPath, kind: Binary, level: number): JsonPath {
    // `path '..' '[' filter ']'`: only here may a filter stand without a path before it.
    const isFilter = kind === 'descendants' && this.at('[') && this.peek(1).kind === '?';
    return { kind, left, right: isFilter ? this.bracket(true) : this.path(level) };
  }

  /**
   * `arithmetic: number op (number | path) | float op (float | path) | path op (number | float | path)`; the right side goes on as
   * far as it can.
   */
  private arithmetic(left: JsonPath | JsonPathConstant, leftKind: 'number' | 'float' | 'path'): JsonPath {
    const { kind } = this.next();
    const op = kind === '+' || kind === '-' ? kind : '*';
    return { kind: 'arithmetic', op, left: asConstant(left), right: asConstant(this.operand(leftKind)) };
  }

  private operand(leftKind: 'number' | 'float' | 'path'): JsonPath | JsonPathConstant {
    const { kind, text, start } = this.peek();
    const isLone = (kind === 'number' || kind === 'float') && !['+', '-', '*'].includes(this.peek(1).kind);
    // A whole number after one with a fraction is read as a name.
    if (!isLone || (leftKind === 'float' && kind === 'number')) return this.path(0);
    this.next();
    if (leftKind === 'number' && kind === 'float') this.fail(`\`${text}\` has no place there`, start);
    return { kind: 'constant', value: Number(text) };
  }

  /** `primary: '$' | '@' | '*' | fields | named operator | number arithmetic | '(' path ')' | bracket`. */
  private primary(): JsonPath {
    const token = this.peek();
    switch (token.kind) {
      case '$':
        this.next();
        return { kind: 'root' };
      case '@':
        this.next();
        return { kind: 'this' };
      case '*':
        this.next();
        return { kind: 'wildcard' };
      case 'name':
      case 'quoted':
      case 'bool':
        return this.isWord('where') || this.isWord('wherenot') ? this.missing() : this.fields();
      case 'number': {
        this.next();
        if (this.at('+', '-', '*')) return this.arithmetic({ kind: 'constant', value: Number(token.text) }, 'number');
        return { kind: 'fields', names: [String(BigInt(token.text))] };
      }
      case 'float':
        this.next();
        if (this.at('+', '-', '*')) return this.arithmetic({ kind: 'constant', value: Number(token.text) }, 'float');
        this.fail('a number with a fraction is no path', token.start);
        return NOTHING;
      case 'named operator': {
        this.next();
        const operator = namedOperator(token.value);
        if (typeof operator === 'object') return operator;
        this.fail(operator, token.start);
        return NOTHING;
      }
      case '(': {
        this.next();
        const inner = this.path(0);
        this.expect(')');
        return inner;
      }
      case '[':
        return this.bracket(false);
      case 'compare':
      case 'sort':
      case '..':
      case '&&':
      case '||':
      case '.':
      case ']':
      case ')':
      case ',':
      case ':':
      case '|':
      case '&':
      case '?':
      case '+':
      case '-':
      case '!':
      case 'end':
        return this.missing();
    }
  }

  private missing(): JsonPath {
    const { kind, text } = this.peek();
    this.fail(kind === 'end' ? 'it ends too early' : `\`${text}\` has no place there`);
    return NOTHING;
  }

  private expect(kind: JsonPathTokenKind): void {
    if (this.accept(kind) === undefined) this.missing();
  }

  private isWord(word: string): boolean {
    const { kind, value } = this.peek();
    return kind === 'name' && value === word;
  }

  /** `fields: name (',' name)*`. */
  private fields(): JsonPath {
    const names = [this.next().value];
    while (this.accept(',') !== undefined) {
      if (!this.at('name', 'quoted', 'bool')) return this.missing();
      names.push(this.next().value);
    }
    return { kind: 'fields', names };
  }

  /** `bracket: '[' (fields | number (',' number)* | slice | '*' | '?' tests | sorts) ']'`; the last two only after a path. */
  private bracket(follows: boolean): JsonPath {
    this.next();
    const inner = this.inBrackets(follows);
    this.expect(']');
    return inner;
  }

  private inBrackets(follows: boolean): JsonPath {
    if (this.at('name', 'quoted', 'bool')) return this.fields();
    if (this.accept('*') !== undefined) return { kind: 'wildcard' };
    if (follows && this.accept('?') !== undefined) return { kind: 'filter', tests: this.conjunctionOf(this.anyOf()) };
    if (follows && this.at('sort')) return this.sorts();
    return this.indexes();
  }

  /** `number (',' number)* | [number] ':' [number] [':' [number]]`. */
  private indexes(): JsonPath {
    const first = this.integer();
    if (first !== null && !this.at(':')) {
      const at = [first];
      while (this.accept(',') !== undefined) {
        const next = this.integer();
        if (next === null) return this.missing();
        at.push(next);
      }
      return { kind: 'index', at };
    }
    if (this.accept(':') === undefined) return this.missing();
    const to = this.integer();
    const step = this.accept(':') === undefined ? null : this.integer();
    return { kind: 'slice', from: first, to, step };
  }

  private integer(): number | null {
    const token = this.accept('number');
    return token === undefined ? null : Number(token.text);
  }

  /** `sorts: (('/' | '\') path)+`: upwards or downwards. */
  private sorts(): JsonPath {
    const by: { readonly path: JsonPath; readonly reverse: boolean }[] = [];
    for (let mark = this.accept('sort'); mark !== undefined; mark = this.accept('sort')) {
      by.push({ path: this.path(0), reverse: mark.text.endsWith('\\') });
    }
    return { kind: 'sort', by };
  }

  /** `tests: conjunction ('||' conjunction)*`. */
  private anyOf(): JsonPathTest {
    const ways = [this.allOf()];
    while (this.accept('||') !== undefined) ways.push(this.allOf());
    const [only] = ways;
    return ways.length === 1 && only !== undefined ? only : { kind: 'any', tests: ways };
  }

  /** `conjunction: test (('&&' | '&') test)*`. */
  private allOf(): JsonPathTest {
    const tests = [this.test()];
    while (this.accept('&&') !== undefined || this.accept('&') !== undefined) tests.push(this.test());
    const [only] = tests;
    return tests.length === 1 && only !== undefined ? only : { kind: 'all', tests };
  }

  private conjunctionOf(test: JsonPathTest): readonly JsonPathTest[] {
    return test.kind === 'all' ? test.tests : [test];
  }

  /** `test: '!' path | '(' tests ')' | path [compare operand]`. */
  private test(): JsonPathTest {
    if (this.accept('!') !== undefined) return { kind: 'lacks', path: this.path(0) };
    if (!this.at('(')) return this.comparison(this.path(0));
    return this.nest(
      () => {
        this.next();
        const inner = this.anyOf();
        this.expect(')');
        // A path in brackets is a path that may go on.
        return inner.kind === 'has' ? this.comparison(this.rest(inner.path, 0)) : inner;
      },
      () => {
        this.fail('it is nested too deeply');
        return { kind: 'has', path: NOTHING };
      },
    );
  }

  private comparison(left: JsonPath): JsonPathTest {
    const token = this.accept('compare');
    if (token === undefined) return { kind: 'has', path: left };
    const op = COMPARISONS.get(token.text) ?? '==';
    const right = this.compared();
    if (op === '=~' && right.kind === 'constant' && right.value === null) {
      return { kind: 'compare', op, left, right: { kind: 'constant', value: 'null' } };
    }
    if (op === '=~' && right.kind !== 'constant') this.fail('a regular expression is a text', token.start);
    return { kind: 'compare', op, left, right };
  }

  /** `operand: name | number | float | bool | 'null' | ('@' | '$') ('.' name | '[' (name | number) ']')*`. */
  private compared(): JsonPath | JsonPathConstant {
    const token = this.peek();
    switch (token.kind) {
      case 'quoted':
        this.next();
        return { kind: 'constant', value: token.value };
      case 'name':
        if (this.isWord('where') || this.isWord('wherenot')) return this.missing();
        this.next();
        return { kind: 'constant', value: token.value === 'null' ? null : token.value };
      case 'number':
      case 'float':
        this.next();
        return { kind: 'constant', value: Number(token.text) };
      case 'bool':
        this.next();
        return { kind: 'constant', value: token.value === 'true' };
      case '@':
      case '$':
        this.next();
        return this.singular(token.kind === '@' ? { kind: 'this' } : { kind: 'root' });
      case 'named operator':
      case 'compare':
      case 'sort':
      case '..':
      case '&&':
      case '||':
      case '*':
      case '.':
      case '[':
      case ']':
      case '(':
      case ')':
      case ',':
      case ':':
      case '|':
      case '&':
      case '?':
      case '+':
      case '-':
      case '!':
      case 'end':
        return this.missing();
    }
  }

  private singular(start: JsonPath): JsonPath {
    let left = start;
    for (;;) {
      if (this.accept('.') !== undefined) {
        if (!this.at('name', 'quoted', 'bool')) return this.missing();
        left = { kind: 'child', left, right: { kind: 'fields', names: [this.next().value] } };
      } else if (this.accept('[') !== undefined) {
        const right = this.singularStep();
        this.expect(']');
        left = { kind: 'child', left, right };
      } else return left;
    }
  }

  private singularStep(): JsonPath {
    const { kind, text, value } = this.peek();
    if (kind === 'number') {
      this.next();
      return { kind: 'index', at: [Number(text)] };
    }
    if ((kind !== 'name' && kind !== 'quoted') || (kind === 'name' && value === 'null')) return this.missing();
    this.next();
    return { kind: 'fields', names: [value] };
  }
}

const COMPARISONS: ReadonlyMap<string, (JsonPathTest & { readonly kind: 'compare' })['op']> = new Map([
  ['=', '=='],
  ['==', '=='],
  ['!=', '!='],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
  ['=~', '=~'],
]);

/** In arithmetic a lone name is a text. */
function asConstant(operand: JsonPath | JsonPathConstant): JsonPath | JsonPathConstant {
  const [name] = operand.kind === 'fields' ? operand.names : [];
  return operand.kind === 'fields' && operand.names.length === 1 && name !== undefined
    ? { kind: 'constant', value: name }
    : operand;
}
