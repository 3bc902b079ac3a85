import { call, text } from '../../../../ir/construct.ts';
import { fn, type Lowering, type ScalarFunction } from './parameter.ts';

const named =
  (fnName: 'kusto.math' | 'kusto.bits' | 'kusto.real-test', name: string): Lowering =>
  (args, node) =>
    call(fnName, [text(name), ...args.map((arg) => arg.expr)], node.span);

const math = (name: string, parameters = 'number', naming: 'first' | undefined = 'first'): ScalarFunction =>
  fn(parameters, 'real', named('kusto.math', name), naming);
const bits = (name: string, parameters = 'whole whole'): ScalarFunction =>
  fn(parameters, 'long', named('kusto.bits', name), 'first');

const abs: Lowering = (args, node) => {
  const type = args[0]?.type ?? 'unknown';
  return {
    expr: call(
      'kusto.abs',
      args.map((arg) => arg.expr),
      node.span,
    ),
    type: type === 'int' ? 'long' : type,
  };
};

export const numberFunctions: Readonly<Record<string, ScalarFunction>> = {
  abs: fn('dated', 'computed', abs, 'first'),
  round: fn('number whole?', 'first', 'kusto.round', 'first'),
  ceiling: fn('number', 'first', 'kusto.ceiling', 'first'),
  sign: fn('number', 'real', 'kusto.sign'),
  sqrt: math('sqrt'),
  log: math('log'),
  log10: math('log10'),
  log2: math('log2'),
  exp: math('exp'),
  exp2: math('exp2'),
  exp10: math('exp10'),
  pow: math('pow', 'number number'),
  sin: math('sin'),
  cos: math('cos'),
  tan: math('tan'),
  asin: math('asin'),
  acos: math('acos'),
  atan: math('atan'),
  atan2: math('atan2', 'number number'),
  pi: math('pi', '', undefined),
  degrees: math('degrees', 'number', undefined),
  radians: math('radians', 'number', undefined),
  binary_and: bits('and'),
  binary_or: bits('or'),
  binary_xor: bits('xor'),
  binary_not: bits('not', 'whole'),
  binary_shift_left: bits('left'),
  binary_shift_right: bits('right'),
  bitset_count_ones: bits('count', 'whole'),
  isnan: fn('number', 'bool', named('kusto.real-test', 'nan')),
  isinf: fn('number', 'bool', named('kusto.real-test', 'inf')),
  isfinite: fn('number', 'bool', named('kusto.real-test', 'finite')),
  cot: math('cot', 'number', undefined),
  gamma: math('gamma'),
  loggamma: math('loggamma'),
  erf: math('erf'),
  erfc: math('erfc'),
  beta_cdf: math('beta_cdf', 'number number number', undefined),
  beta_inv: math('beta_inv', 'number number number', undefined),
  beta_pdf: math('beta_pdf', 'number number number', undefined),
  welch_test: fn('number number number number number number', 'real', 'kusto.welch-test'),
  ...Object.fromEntries(
    ['angle', 'energy', 'force', 'length', 'mass', 'speed', 'temperature', 'volume'].map((measure) => [
      `convert_${measure}`,
      fn('number string string', 'real', (args, node) =>
        call('kusto.convert-unit', [text(measure), ...args.map((arg) => arg.expr)], node.span),
      ),
    ]),
  ),
};
