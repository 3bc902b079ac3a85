import { stringifyJson } from '../../base/json.ts';
import { stripEnd } from '../../base/strip.ts';
import { formatDateTime, formatTimeSpan } from '../../values/date-time.ts';
import { toJson } from '../../values/text-of.ts';
import { DateTime, TimeSpan, type Value } from '../../values/value.ts';
import { printTypes } from '../static-type.ts';
import { convertFunctions } from './convert.ts';
import { elasticFunctions } from './elastic.ts';
import { eqlFunctions } from './eql.ts';
import { esqlConvertFunctions } from './esql/convert.ts';
import { esqlDateFunctions } from './esql/date.ts';
import { esqlFieldFunctions } from './esql/field.ts';
import { esqlMultiFunctions } from './esql/multi.ts';
import { esqlNetFunctions } from './esql/net.ts';
import { esqlNumberFunctions } from './esql/number.ts';
import { esqlParseFunctions } from './esql/parse.ts';
import { esqlTextFunctions } from './esql/text.ts';
import { kustoDigestFunctions } from './kusto/digest.ts';
import { kustoEncodingFunctions } from './kusto/encoding.ts';
import { kustoIpFunctions } from './kusto/ip.ts';
import { kustoJsonFunctions } from './kusto/json.ts';
import { kustoNumberFunctions } from './kusto/number.ts';
import { kustoSeriesFunctions } from './kusto/series.ts';
import { kustoTextFunctions } from './kusto/text.ts';
import { kustoTimeFunctions } from './kusto/time.ts';
import { kustoValueFunctions } from './kusto/value.ts';
import { pantherFunctions } from './panther.ts';
import { pythonFunctions } from './python.ts';
import { sigmaFunctions } from './sigma.ts';
import type { Parameter, Semantics, Signature } from './signature.ts';
import { textFunctions } from './text.ts';
import { viewFunctions } from './view.ts';

interface Section {
  readonly title: string;
  /** Below `src/ir/functions`, and below `src/engines/memory/functions` for what computes them. */
  readonly file: string;
  readonly rows: Readonly<Record<string, Signature>>;
}

const SECTIONS: readonly Section[] = [
  { title: 'Text', file: 'text.ts', rows: textFunctions },
  { title: 'Conversions', file: 'convert.ts', rows: convertFunctions },
  { title: 'Views', file: 'view.ts', rows: viewFunctions },
  { title: 'Elastic', file: 'elastic.ts', rows: elasticFunctions },
  { title: 'EQL', file: 'eql.ts', rows: eqlFunctions },
  { title: 'Sigma', file: 'sigma.ts', rows: sigmaFunctions },
  { title: 'Panther', file: 'panther.ts', rows: pantherFunctions },
  { title: 'Python', file: 'python.ts', rows: pythonFunctions },
  { title: 'Kusto: operators and values', file: 'kusto/value.ts', rows: kustoValueFunctions },
  { title: 'Kusto: text', file: 'kusto/text.ts', rows: kustoTextFunctions },
  { title: 'Kusto: time', file: 'kusto/time.ts', rows: kustoTimeFunctions },
  { title: 'Kusto: numbers', file: 'kusto/number.ts', rows: kustoNumberFunctions },
  { title: 'Kusto: arrays and bags', file: 'kusto/json.ts', rows: kustoJsonFunctions },
  { title: 'Kusto: IP addresses', file: 'kusto/ip.ts', rows: kustoIpFunctions },
  { title: 'Kusto: other forms of text', file: 'kusto/encoding.ts', rows: kustoEncodingFunctions },
  { title: 'Kusto: series', file: 'kusto/series.ts', rows: kustoSeriesFunctions },
  { title: 'Kusto: what aggregates give', file: 'kusto/digest.ts', rows: kustoDigestFunctions },
  { title: 'ES|QL: fields and columns', file: 'esql/field.ts', rows: esqlFieldFunctions },
  { title: 'ES|QL: numbers', file: 'esql/number.ts', rows: esqlNumberFunctions },
  { title: 'ES|QL: text', file: 'esql/text.ts', rows: esqlTextFunctions },
  { title: 'ES|QL: time', file: 'esql/date.ts', rows: esqlDateFunctions },
  { title: 'ES|QL: conversions', file: 'esql/convert.ts', rows: esqlConvertFunctions },
  { title: 'ES|QL: several values', file: 'esql/multi.ts', rows: esqlMultiFunctions },
  { title: 'ES|QL: addresses and points', file: 'esql/net.ts', rows: esqlNetFunctions },
  { title: 'ES|QL: parts of texts', file: 'esql/parse.ts', rows: esqlParseFunctions },
];

/** The text of `docs/reference/functions.md`. */
export function functionsPage(): string {
  return `${[
    '# Functions',
    '',
    'The scalar functions of the intermediate representation: what rules of every language, and views, are lowered to.',
    'The first part of a name says whose meaning a function has. `any` is a value of any type. Where nothing else is said, a',
    'function sees null and missing arguments itself, and a list is one value.',
    '',
    'This page is generated from the registry (`src/ir/functions`), whose examples are run on the memory engine as tests; a',
    'test fails when it is stale. Examples run at 2024-01-03T12:00:00Z.',
    ...SECTIONS.flatMap(section),
  ].join('\n')}\n`;
}

function section({ title, file, rows }: Section): readonly string[] {
  return ['', `## ${title}`, '', `\`src/ir/functions/${file}\``, ...Object.entries(rows).flatMap(entry)];
}

function entry([name, signature]: readonly [string, Signature]): readonly string[] {
  const { parameters, result, doc, examples } = signature;
  const gives = 'of' in result ? result.words : printTypes(result);
  return [
    '',
    `### ${name}`,
    '',
    `\`${name}(${parameters.map(parameterText).join(', ')})\` gives ${gives}`,
    '',
    [doc, ...remarks(signature)].join(' '),
    '',
    ...examples.map(([args, wanted]) => `* \`${name}(${args.map(valueText).join(', ')})\` → \`${valueText(wanted)}\``),
  ];
}

function parameterText({ name, types, words, times }: Parameter): string {
  const taken = words?.map((word) => `'${word}'`).join(' | ') ?? printTypes(types);
  const mark = times === 'optional' ? '?' : times === 'any' ? '…' : '';
  return `${name}${mark}: ${taken}`;
}

const OF_MANY: Readonly<Record<Semantics['many'], string | undefined>> = {
  whole: undefined,
  each: 'Of several values, each.',
  any: 'Of several values, whether it holds for one.',
  null: 'Several values give nothing.',
};

function remarks({ nulls, many, parameters }: Signature): readonly string[] {
  const ofNull = nulls === 'propagate' && parameters.length > 0 ? 'A null or missing argument gives null.' : undefined;
  return [ofNull, OF_MANY[many]].filter((remark) => remark !== undefined);
}

/** Without zeros at the end of the fraction. */
function momentText(moment: DateTime): string {
  return `${stripEnd(stripEnd(formatDateTime(moment).slice(0, -1), '0'), '.')}Z`;
}

function valueText(value: Value): string {
  if (value === undefined) return 'missing';
  if (value instanceof DateTime) return `datetime(${momentText(value)})`;
  if (value instanceof TimeSpan) return `timespan(${formatTimeSpan(value)})`;
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return stringifyJson(toJson(value));
}
