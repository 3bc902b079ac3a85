import { readFileSync } from 'node:fs';
import { sourceText } from '../../../src/base/source-text.ts';
import { readYaml } from '../../../src/formats/source/yaml-source.ts';
import type { Expr, Pattern, WildcardPart } from '../../../src/ir/expr.ts';
import { readRuleLogic } from '../../../src/languages/sigma/index.ts';
import { type ConformanceSet, disputed, failed, type Outcome, PASSED } from '../case.ts';

type Expanded =
  | { readonly t: 'str' | 'cased'; readonly p: readonly (string | { readonly w: '*' | '?' })[] }
  | { readonly t: 'num'; readonly v: number }
  | { readonly t: 'bool' | 'exists'; readonly v: boolean }
  | { readonly t: 'null' }
  | { readonly t: 're'; readonly v: string; readonly flags: readonly string[] }
  | { readonly t: 'cidr'; readonly v: string }
  | { readonly t: 'cmp'; readonly op: string; readonly v: { readonly v: number } }
  | { readonly t: 'fieldref'; readonly v: string; readonly sw: boolean; readonly ew: boolean }
  | { readonly t: 'any'; readonly v: readonly Expanded[] };

interface Vector {
  readonly key: string;
  readonly value: unknown;
  readonly linking?: string;
  readonly result?: readonly Expanded[];
  readonly error?: string;
}

/** Where we differ on purpose, and why. Everything else must agree. */
const DISPUTED: readonly { readonly key: string; readonly value: unknown; readonly why: string }[] = [
  {
    key: 'F|utf16|base64offset',
    value: 'abc',
    why: 'specification, "Encoding": the byte order mark is FF FE; pySigma 1.5.0 writes that of UTF-8',
  },
  {
    key: 'F|utf16le|base64',
    value: 'abc',
    why: 'specification, "Encoding": `utf16le` is a modifier; pySigma 1.5.0 lacks it',
  },
  { key: 'F|cidr', value: '10.0.0.1/8', why: 'host bits are masked, with a warning: what is meant is plain' },
  {
    key: 'F|re|contains',
    value: 'a',
    why: 'a regular expression is searched for anywhere already; `.*` around it changes no verdict',
  },
  {
    key: 'F|re',
    value: '(?<=a)b',
    why: 'specification, "Regular Expression": look-around is no part of the flavour, and it cannot run in linear time',
  },
  { key: 'F', value: [], why: 'an empty list says nothing about an event: refused instead of guessed' },
  {
    key: '|all',
    value: ['a', 'b'],
    why: 'specification, "Lists": keywords are searched for in the whole message; pySigma leaves that to its backends',
  },
];

/** What pySigma 1.5.0 makes of fields with modifiers and their values, compared with what we lower them to. */
export const sigmaVectors: ConformanceSet = {
  name: 'sigma/vectors',
  read: (tree) => {
    const file = tree.find('sigma/pysigma-expansion-vectors.json');
    if (file === undefined) return { absent: 'there is no sigma/pysigma-expansion-vectors.json' };
    const vectors: readonly Vector[] = JSON.parse(readFileSync(file, 'utf8'));
    return {
      cases: vectors.map((vector) => ({
        id: `sigma-vectors/${vector.key}: ${JSON.stringify(vector.value)}`,
        run: () => disputed(outcomeOf(vector), disputeOf(vector)),
      })),
    };
  },
};

function disputeOf(vector: Vector): string | undefined {
  const value = JSON.stringify(vector.value);
  return DISPUTED.find((one) => one.key === vector.key && JSON.stringify(one.value) === value)?.why;
}

function outcomeOf(vector: Vector): Outcome {
  const ours = lowered(vector);
  const theirs = vector.result === undefined ? 'error' : expected(vector.result, vector.linking === 'ConditionAND');
  return ours === theirs ? PASSED : failed(`lowered to ${ours}, there ${theirs}`);
}

/** Our predicate in the form of `expected`: the set of tests for each value, sorted. */
function lowered(vector: Vector): string {
  // JSON is YAML, but for its numbers and escapes: a solidus and surrogates are the same in both.
  const text = JSON.stringify({ s: { [vector.key]: vector.value }, condition: 's' });
  const tree = readYaml(sourceText('vector', text)).documents[0];
  if (tree === undefined) return 'unreadable';
  const logic = readRuleLogic(tree);
  if (logic.predicate === undefined) return 'error';
  const negated = vector.key.split('|').includes('neq') && logic.predicate.kind === 'not';
  return describeExpr(negated && logic.predicate.kind === 'not' ? logic.predicate.item : logic.predicate);
}

function describeExpr(expr: Expr): string {
  const groups = expr.kind === 'and' ? expr.items : [expr];
  return groups
    .map((group) => [...new Set(alternatives(group))].sort().join(' | '))
    .sort()
    .join(' & ');
}

function alternatives(expr: Expr): string[] {
  switch (expr.kind) {
    case 'or':
      return expr.items.flatMap(alternatives);
    case 'is-null':
      return ['null'];
    case 'exists':
      return ['exists true'];
    case 'not':
      return alternatives(expr.item).map((one) => one.replace('exists true', 'exists false'));
    case 'call':
      return [`${expr.fn} ${expr.args[1]?.kind === 'field' ? expr.args[1].name : '?'}`];
    case 'match':
      return describePattern(expr.pattern, expr.collation === 'exact' ? 'cased' : 'str');
    default:
      return [`unexpected ${expr.kind}`];
  }
}

const MANY: WildcardPart = { any: 'many' };

function describePattern(pattern: Pattern, folding: string): string[] {
  const parts = (list: readonly WildcardPart[]): string => `${folding} ${JSON.stringify(normal(list))}`;
  switch (pattern.kind) {
    case 'equals':
      return [parts([{ text: String(pattern.value) }])];
    case 'one-of':
      return pattern.values.map((value) => parts([{ text: String(value) }]));
    case 'prefix':
      return [parts([{ text: pattern.text }, MANY])];
    case 'suffix':
      return [parts([MANY, { text: pattern.text }])];
    case 'contains':
      return [parts([MANY, { text: pattern.text }, MANY])];
    case 'wildcard':
      return [parts(pattern.parts)];
    case 'regex':
      return [`re ${[...pattern.flags, ...(folding === 'str' ? ['i'] : [])].sort().join('')} ${pattern.source}`];
    case 'cidr':
      return [`cidr ${pattern.network}`];
    case 'range': {
      const { low, high } = pattern;
      return [
        low === undefined
          ? `<${high?.inclusive ? '=' : ''} ${high?.value}`
          : `>${low.inclusive ? '=' : ''} ${low.value}`,
      ];
    }
    default:
      return [`unexpected ${pattern.kind}`];
  }
}

/** Neighbouring texts joined, empty ones dropped, runs of `*` made one: none of it changes what fits. */
function normal(parts: readonly WildcardPart[]): (string | 1 | 2)[] {
  const out: (string | 1 | 2)[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if ('any' in part) {
      if (part.any === 'one') out.push(1);
      else if (last !== 2) out.push(2);
    } else if (part.text !== '') {
      if (typeof last === 'string') out[out.length - 1] = last + part.text;
      else out.push(part.text);
    }
  }
  return out;
}

function expected(result: readonly Expanded[], all: boolean): string {
  const each = result.map((one) => expand(one));
  const groups = all ? each : [each.flat()];
  return groups
    .map((group) => [...new Set(group)].sort().join(' | '))
    .sort()
    .join(' & ');
}

const OPS: Readonly<Record<string, string>> = { LT: '<', LTE: '<=', GT: '>', GTE: '>=' };

function expand(one: Expanded): string[] {
  const text = (value: string): string => `str ${JSON.stringify(normal([{ text: value }]))}`;
  switch (one.t) {
    case 'str':
    case 'cased': {
      const parts = one.p.map(
        (part): WildcardPart => (typeof part === 'string' ? { text: part } : { any: part.w === '*' ? 'many' : 'one' }),
      );
      return [`${one.t} ${JSON.stringify(normal(parts))}`];
    }
    case 'num':
    case 'bool':
      return [text(String(one.v))];
    case 'exists':
      return [`exists ${one.v}`];
    case 'null':
      return ['null'];
    case 're': {
      const flags = one.flags.map((flag) => ({ IGNORECASE: 'i', MULTILINE: 'm', DOTALL: 's' })[flag] ?? flag);
      return [`re ${flags.sort().join('')} ${one.v}`];
    }
    case 'cidr':
      return [`cidr ${one.v}`];
    case 'cmp':
      return [`${OPS[one.op]} ${one.v.v}`];
    case 'fieldref': {
      const how = one.sw && one.ew ? 'contains' : one.sw ? 'starts-with' : one.ew ? 'ends-with' : 'equals';
      return [`sigma.${how}-field ${one.v}`];
    }
    case 'any':
      return one.v.flatMap(expand);
  }
}
