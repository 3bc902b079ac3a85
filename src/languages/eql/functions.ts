import type { FunctionName } from '../../ir/functions/registry.ts';
import type { EqlType } from './types.ts';

interface EqlParameter {
  readonly name: string;
  /** Empty: of any type. */
  readonly types: readonly EqlType[];
  readonly times: 'once' | 'optional' | 'any';
}

/** A function of the language: what it takes, and what it becomes. */
export interface EqlFunctionRow {
  readonly name: string;
  readonly parameters: readonly EqlParameter[];
  readonly result: EqlType | 'number';
  /** Whether there is a form with `~`; then the IR's function is told of case by a last argument. */
  readonly hasCaseForm: boolean;
  readonly fn: FunctionName | 'cidr-match';
}

const TEXT: readonly EqlType[] = ['string'];
const WHOLE: readonly EqlType[] = ['long'];
const NUMBER: readonly EqlType[] = ['long', 'double'];

type Parameters = Readonly<Record<string, readonly EqlType[]>>;

function row(
  name: string,
  parameters: Parameters,
  result: EqlFunctionRow['result'],
  fn: EqlFunctionRow['fn'],
  hasCaseForm = false,
): EqlFunctionRow {
  return {
    name,
    parameters: Object.entries(parameters).map(([written, types]) => ({
      name: written.replace(/[?*]$/, ''),
      types,
      times: written.endsWith('?') ? 'optional' : written.endsWith('*') ? 'any' : 'once',
    })),
    result,
    hasCaseForm,
    fn,
  };
}

const TWO_NUMBERS: Parameters = { left: NUMBER, right: NUMBER };

/** Every function that Elasticsearch's EQL has. */
const ROWS: readonly EqlFunctionRow[] = [
  row('add', TWO_NUMBERS, 'number', 'eql.add'),
  row('between', { source: TEXT, left: TEXT, right: TEXT, 'greedy?': ['boolean'] }, 'string', 'eql.between', true),
  row('cidrMatch', { address: ['ip'], 'network*': TEXT }, 'boolean', 'cidr-match'),
  row('concat', { 'value*': [] }, 'string', 'eql.concat'),
  row('divide', TWO_NUMBERS, 'number', 'eql.divide'),
  row('endsWith', { source: TEXT, pattern: TEXT }, 'boolean', 'eql.ends-with', true),
  row('indexOf', { source: TEXT, substring: TEXT, 'start?': NUMBER }, 'long', 'eql.index-of', true),
  row('length', { source: TEXT }, 'long', 'eql.length'),
  row('modulo', TWO_NUMBERS, 'number', 'eql.modulo'),
  row('multiply', TWO_NUMBERS, 'number', 'eql.multiply'),
  row('number', { source: TEXT, 'base?': WHOLE }, 'double', 'eql.number'),
  row('startsWith', { source: TEXT, pattern: TEXT }, 'boolean', 'eql.starts-with', true),
  row('string', { source: [] }, 'string', 'eql.string'),
  row('stringContains', { source: TEXT, substring: TEXT }, 'boolean', 'eql.contains', true),
  row('substring', { source: TEXT, start: WHOLE, 'end?': WHOLE }, 'string', 'eql.substring'),
  row('subtract', TWO_NUMBERS, 'number', 'eql.subtract'),
];

const BY_NAME: ReadonlyMap<string, EqlFunctionRow> = new Map(ROWS.map((one) => [one.name.toLowerCase(), one]));

/** The function of a name, in any case. */
export function eqlFunction(name: string): EqlFunctionRow | undefined {
  return BY_NAME.get(name.toLowerCase());
}

export function eqlFunctionNames(): readonly string[] {
  return ROWS.map(({ name }) => name);
}
