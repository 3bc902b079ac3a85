import { call, FALSE, TRUE, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Expression } from '../../ast.ts';
import { DICT, LIST, STR } from '../conditions/types.ts';
import type { Translator } from '../context.ts';
import { textMatch } from './text-match.ts';
import {
  boolean,
  constant,
  type Dynamic,
  dynamic,
  expressionOf,
  isOf,
  NOTHING,
  type Outcomes,
  operation,
  type PyValue,
  sure,
} from './value.ts';

const CASES = { lower: 'text.lower', casefold: undefined, upper: 'text.upper' } as const;
const STRIPS: Readonly<Record<string, string>> = { strip: 'both', lstrip: 'start', rstrip: 'end' };

/** Methods of str. */
export function textMethod(
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
    return of.guard(isText, sure(dynamic(call(CASES[name], [subject]), STR, 'plain')));
  }
  const where = STRIPS[name];
  if (where !== undefined) {
    return of.each(args[0] ?? sure(NOTHING), (characters) => {
      const chars = expressionOf(characters);
      if (chars === undefined || characters.kind !== 'const') return of.note(`the method \`${name}\``, node);
      return of.guard(isText, sure(dynamic(call('python.strip', [subject, chars, text(where)]), STR, 'plain')));
    });
  }
  if (name === 'startswith' || name === 'endswith') {
    if (args.length !== 1) return of.note(`the method \`${name}\` with a range`, node);
    return of.each(args[0] ?? [], (part) => of.guard(isText, affix(self, subject, name, part, node, of)));
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
    return of.guard(isText, sure(dynamic(call('python.split', [subject, given, count, fromEnd]), LIST, 'plain')));
  }
  if (name === 'replace' && args.length === 2) {
    const from = knownOf(args[0] ?? []);
    const to = knownOf(args[1] ?? []);
    if (typeof from !== 'string' || typeof to !== 'string') return of.note('the method `replace`', node);
    return of.guard(isText, sure(dynamic(call('python.replace', [subject, text(from), text(to)]), STR, 'plain')));
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
    return of.guard(isOf(self, DICT), sure(dynamic(call('python.items', [subject, text(name)]), LIST, made)));
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
    return sure(boolean(of.pairOf(textMatch(self, { kind, text: part.value }))));
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
    return sure(boolean(of.pairOf(of.any(tests))));
  }
  if (part.kind !== 'dynamic' || part.made === 'tuple') return of.note(`the method \`${name}\``, node);
  const test = call(kind === 'prefix' ? 'python.starts-with' : 'python.ends-with', [subject, part.expr]);
  return [{ cond: isOf(part, STR), value: boolean(of.pairOf(test)) }];
}
