import type {
  BinaryOperator,
  CompareOperator,
  Comprehension,
  Dict,
  Expression,
  Keyword,
  Parameter,
  Parameters,
} from '../ast.ts';
import { escaped, markAt, printConstant } from './literal.ts';

/** How tightly what is printed binds; what binds less than its place asks for stands in brackets. */
const LOOSE = 0;
const CHOICE = 1;
const OR = 2;
const AND = 3;
const NOT = 4;
const COMPARISON = 5;
const OPERAND = 6;
const SUM = 10;
const FACTOR = 12;
const POWER = 13;
const AWAIT = 14;
const PRIMARY = 15;

const BINARY: Readonly<Record<BinaryOperator, readonly [string, number]>> = {
  BitOr: ['|', OPERAND],
  BitXor: ['^', 7],
  BitAnd: ['&', 8],
  LShift: ['<<', 9],
  RShift: ['>>', 9],
  Add: ['+', SUM],
  Sub: ['-', SUM],
  Mult: ['*', 11],
  MatMult: ['@', 11],
  Div: ['/', 11],
  FloorDiv: ['//', 11],
  Mod: ['%', 11],
  Pow: ['**', POWER],
};

const COMPARISONS: Readonly<Record<CompareOperator, string>> = {
  Eq: '==',
  NotEq: '!=',
  Lt: '<',
  LtE: '<=',
  Gt: '>',
  GtE: '>=',
  Is: 'is',
  IsNot: 'is not',
  In: 'in',
  NotIn: 'not in',
};

const UNARY = { Not: 'not ', USub: '-', UAdd: '+', Invert: '~' } as const;

/** The sign of an operator. */
export function operatorText(op: BinaryOperator): string {
  return BINARY[op][0];
}

/** An expression as Python. */
export function printExpression(node: Expression): string {
  return print(node, LOOSE, 0);
}

/** An expression where only sums and what binds tighter may stand. */
export function printSum(node: Expression): string {
  return print(node, SUM, 0);
}

/** `depth`: in how many formatted texts it stands. */
function print(node: Expression, least: number, depth: number): string {
  const [text, level] = printed(node, depth);
  return level < least ? `(${text})` : text;
}

/** The text of an expression, and how tightly it binds. */
function printed(node: Expression, depth: number): readonly [string, number] {
  const at = (each: Expression, least: number): string => print(each, least, depth);
  const list = (items: readonly Expression[]): string => items.map((item) => at(item, CHOICE)).join(', ');
  switch (node.kind) {
    case 'Constant':
      // A dot after a number would be part of it.
      return [printConstant(node, depth), typeof node.value === 'string' && node.type !== 'int' ? PRIMARY : AWAIT];
    case 'Name':
      return [node.id, PRIMARY];
    case 'JoinedStr': {
      const mark = markAt(depth);
      return [`f${mark}${formatText(node.values, depth)}${mark}`, PRIMARY];
    }
    case 'FormattedValue':
      return [fieldText(node, depth), PRIMARY];
    case 'Tuple':
      return [`(${list(node.elts)}${node.elts.length === 1 ? ',' : ''})`, PRIMARY];
    case 'List':
      return [`[${list(node.elts)}]`, PRIMARY];
    case 'Set':
      return [`{${list(node.elts)}}`, PRIMARY];
    case 'Dict':
      return [`{${entries(node, at)}}`, PRIMARY];
    case 'UnaryOp': {
      const level = node.op === 'Not' ? NOT : FACTOR;
      return [UNARY[node.op] + at(node.operand, level), level];
    }
    case 'BinOp': {
      const [sign, level] = BINARY[node.op];
      const [left, right] = node.op === 'Pow' ? [AWAIT, FACTOR] : [level, level + 1];
      return [`${at(node.left, left)} ${sign} ${at(node.right, right)}`, level];
    }
    case 'BoolOp': {
      const level = node.op === 'Or' ? OR : AND;
      return [node.values.map((value) => at(value, level + 1)).join(node.op === 'Or' ? ' or ' : ' and '), level];
    }
    case 'Compare': {
      const rest = node.ops.map((op, index) => {
        const comparator = node.comparators[index];
        return ` ${COMPARISONS[op]} ${comparator === undefined ? '' : at(comparator, OPERAND)}`;
      });
      return [at(node.left, OPERAND) + rest.join(''), COMPARISON];
    }
    case 'Call': {
      const given = [...node.args.map((arg) => at(arg, CHOICE)), ...node.keywords.map((each) => keywordText(each, at))];
      return [`${at(node.func, PRIMARY)}(${given.join(', ')})`, PRIMARY];
    }
    case 'Attribute':
      return [`${at(node.value, PRIMARY)}.${node.attr}`, PRIMARY];
    case 'Subscript':
      return [`${at(node.value, PRIMARY)}[${placeText(node.slice, at)}]`, PRIMARY];
    case 'Slice': {
      const bound = (each: Expression | null): string => (each === null ? '' : at(each, CHOICE));
      return [`${bound(node.lower)}:${bound(node.upper)}${node.step === null ? '' : `:${bound(node.step)}`}`, PRIMARY];
    }
    case 'Starred':
      // Where it may stand at all it stands without brackets.
      return [`*${at(node.value, OPERAND)}`, PRIMARY];
    case 'IfExp':
      return [`${at(node.body, OR)} if ${at(node.test, OR)} else ${at(node.orelse, CHOICE)}`, CHOICE];
    case 'Lambda': {
      const parameters = parametersText(node.args, at);
      return [`lambda${parameters === '' ? '' : ` ${parameters}`}: ${at(node.body, CHOICE)}`, CHOICE];
    }
    case 'ListComp':
      return [`[${comprehensionText(node, at)}]`, PRIMARY];
    case 'SetComp':
    case 'DictComp':
      return [`{${comprehensionText(node, at)}}`, PRIMARY];
    case 'GeneratorExp':
      return [`(${comprehensionText(node, at)})`, PRIMARY];
    case 'NamedExpr':
      return [`(${node.target.id} := ${at(node.value, CHOICE)})`, PRIMARY];
    case 'Await':
      return [`await ${at(node.value, PRIMARY)}`, AWAIT];
    case 'YieldFrom':
      return [`(yield from ${at(node.value, CHOICE)})`, PRIMARY];
    case 'Yield':
      return [node.value === null ? '(yield)' : `(yield ${at(node.value, CHOICE)})`, PRIMARY];
  }
}

type Print = (node: Expression, least: number) => string;

function entries({ keys, values }: Dict, at: Print): string {
  return values
    .map((value, index) => {
      const key = keys[index] ?? null;
      return key === null ? `**${at(value, OPERAND)}` : `${at(key, CHOICE)}: ${at(value, CHOICE)}`;
    })
    .join(', ');
}

function keywordText({ arg, value }: Keyword, at: Print): string {
  return `${arg === null ? '**' : `${arg}=`}${at(value, CHOICE)}`;
}

/** What stands in the brackets of a subscript: slices stand in no brackets of their own. */
function placeText(slice: Expression, at: Print): string {
  if (slice.kind !== 'Tuple' || !slice.elts.some((each) => each.kind === 'Slice')) return at(slice, CHOICE);
  return `${slice.elts.map((each) => at(each, CHOICE)).join(', ')}${slice.elts.length === 1 ? ',' : ''}`;
}

function comprehensionText({ elt, value, generators }: Comprehension, at: Print): string {
  const head = value === null ? at(elt, CHOICE) : `${at(elt, CHOICE)}: ${at(value, CHOICE)}`;
  const rest = generators.map(({ target, iter, ifs, is_async }) => {
    const tests = ifs.map((test) => ` if ${at(test, OR)}`).join('');
    return ` ${is_async ? 'async ' : ''}for ${at(target, OPERAND)} in ${at(iter, OR)}${tests}`;
  });
  return head + rest.join('');
}

/** The parameters of a function. */
export function printParameters(parameters: Parameters): string {
  return parametersText(parameters, (node, least) => print(node, least, 0));
}

function parametersText(parameters: Parameters, at: Print): string {
  const { posonlyargs, args, defaults, vararg, kwonlyargs, kw_defaults, kwarg } = parameters;
  const one = ({ arg, annotation }: Parameter, value: Expression | null): string => {
    const type = annotation === null ? '' : `: ${at(annotation, CHOICE)}`;
    return `${arg}${type}${value === null ? '' : `=${at(value, CHOICE)}`}`;
  };
  const positional = [...posonlyargs, ...args];
  const from = positional.length - defaults.length;
  const found = positional.map((parameter, index) => one(parameter, defaults[index - from] ?? null));
  if (posonlyargs.length > 0) found.splice(posonlyargs.length, 0, '/');
  if (vararg !== null) found.push(`*${one(vararg, null)}`);
  else if (kwonlyargs.length > 0) found.push('*');
  found.push(...kwonlyargs.map((parameter, index) => one(parameter, kw_defaults[index] ?? null)));
  if (kwarg !== null) found.push(`**${one(kwarg, null)}`);
  return found.join(', ');
}

/** What a call, or the head of a class, is given. */
export function printArguments(args: readonly Expression[], keywords: readonly Keyword[]): string {
  const at: Print = (node, least) => print(node, least, 0);
  return [...args.map((arg) => at(arg, CHOICE)), ...keywords.map((each) => keywordText(each, at))].join(', ');
}

function formatText(values: readonly Expression[], depth: number): string {
  return values
    .map((value) =>
      value.kind === 'Constant' ? escaped(String(value.value), false, true) : print(value, LOOSE, depth),
    )
    .join('');
}

function fieldText(node: Expression & { readonly kind: 'FormattedValue' }, depth: number): string {
  const { value, conversion, format_spec: spec } = node;
  const inner = print(value, OR, depth + 1);
  // Two braces would stand for one.
  const space = inner.startsWith('{') ? ' ' : '';
  const format = spec?.kind === 'JoinedStr' ? `:${formatText(spec.values, depth)}` : '';
  return `{${space}${inner}${conversion === '' ? '' : `!${conversion}`}${format}}`;
}
