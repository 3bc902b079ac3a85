import { parse } from 'yaml';
import { isJsonObject, type Json, type JsonObject } from '../../../src/base/json.ts';

/** One file of log-forms and what must come out of it. */
export interface Form {
  readonly file: string;
  readonly records: number;
  readonly log_source: LogSource | null;
  readonly expect: readonly Expectation[];
  readonly options?: { readonly log_source?: LogSource };
  readonly rules_that_must_match?: readonly WholeRule[];
  readonly rules_that_must_not?: readonly WholeRule[];
}

export type LogSource = Readonly<Record<string, string>>;
type Values = Readonly<Record<string, Json>>;

export interface Expectation {
  /** From 0, in the order of the file. */
  readonly record: number;
  readonly log_source?: LogSource | null;
  readonly sigma?: Values;
  readonly ecs?: Values;
  readonly panther?: Values & { readonly log_type: string };
  readonly table?: { readonly name: string; readonly columns: Values };
  readonly time?: string;
}

interface WholeRule {
  readonly kind: string;
  readonly rule: string;
  /** All that must match, and no others. */
  readonly records?: readonly number[];
}

/** What one rule made of an expectation must do. */
export interface Wanted {
  readonly what: string;
  readonly must:
    | { readonly how: 'match-record'; readonly record: number }
    /** A query of a table gives the record or a row of it. */
    | { readonly how: 'match-row'; readonly record: number }
    | { readonly how: 'match'; readonly records: readonly number[] | undefined }
    | { readonly how: 'not-match' };
}

export interface FormRules {
  /** By name in the rules' folder. */
  readonly files: ReadonlyMap<string, string>;
  /** By rule id, which is the file's name without its ending. */
  readonly wanted: ReadonlyMap<string, Wanted>;
}

/** Every expectation of a form as a rule of its own. */
export function rulesOf(form: Form): FormRules {
  const files = new Map<string, string>();
  const wanted = new Map<string, Wanted>();
  const add = (letter: string, one: Wanted, write: (id: string) => Readonly<Record<string, string>>): void => {
    const id = `${letter}${wanted.size}`;
    wanted.set(id, one);
    for (const [ending, text] of Object.entries(write(id))) files.set(`${id}.${ending}`, text);
  };
  for (const one of form.expect) {
    const { record } = one;
    const must = { how: 'match-record', record } as const;
    const source = one.log_source === undefined ? form.log_source : one.log_source;
    for (const each of source === null ? [] : namesOf(source)) {
      for (const [field, value] of Object.entries(one.sigma ?? {})) {
        const what = `sigma ${record} ${Object.values(each).join('/')}: ${field} = ${JSON.stringify(value)}`;
        add('s', { what, must }, (id) => ({ yml: sigmaRule(id, each, field, value) }));
      }
    }
    for (const [field, value] of Object.entries(one.ecs ?? {})) {
      const what = `ecs ${record} ${field} = ${JSON.stringify(value)}`;
      add('e', { what, must }, (id) => ({ toml: elasticRule(id, field, value) }));
    }
    const { log_type: logType = '', ...fields } = one.panther ?? {};
    for (const [path, value] of Object.entries(fields)) {
      const what = `panther ${record} ${logType}: ${path} = ${JSON.stringify(value)}`;
      add('p', { what, must }, (id) => pantherRule(id, String(logType), path, value));
    }
    for (const [column, value] of Object.entries(one.table?.columns ?? {})) {
      const table = one.table?.name ?? '';
      const what = `table ${record} ${table}: ${column} = ${JSON.stringify(value)}`;
      const row = { how: 'match-row', record } as const;
      add('k', { what, must: row }, () => ({ kql: `${table}\n| where ${column} == ${quoted(value)}\n` }));
    }
  }
  for (const one of form.rules_that_must_match ?? []) {
    const rule = readRule(one.rule);
    const must = { how: 'match', records: one.records } as const;
    add('m', { what: `must match: ${rule['id']}`, must }, (id) => ({
      yml: JSON.stringify({ ...rule, id, title: id }),
    }));
  }
  for (const one of form.rules_that_must_not ?? []) {
    const rule = readRule(one.rule);
    const must = { how: 'not-match' } as const;
    add('x', { what: `must not match: ${rule['id']}`, must }, (id) => ({
      yml: JSON.stringify({ ...rule, id, title: id }),
    }));
  }
  return { files, wanted };
}

/** Products whose rules name a record by category or by service, where it has both. */
const EITHER: ReadonlySet<string | undefined> = new Set(['windows', 'linux', 'zeek']);

/** The ways in which a rule may name a log source; see the README of the forms. */
function namesOf({ product, category, service }: LogSource): readonly LogSource[] {
  const by = product === undefined ? {} : { product };
  if (category === undefined || service === undefined || !EITHER.has(product)) {
    const one = { ...by, ...(category !== undefined && { category }), ...(service !== undefined && { service }) };
    return Object.keys(one).length === 0 ? [] : [one];
  }
  return [product === 'zeek' ? { category } : { ...by, category }, { ...by, service }];
}

function readRule(text: string): JsonObject {
  const rule: Json = parse(text);
  if (!isJsonObject(rule)) throw new Error(`not a rule: ${text}`);
  return rule;
}

// JSON is YAML, too.
function sigmaRule(id: string, logsource: LogSource, field: string, value: Json): string {
  const plain = typeof value === 'string' ? value.replace(/[\\*?]/g, '\\$&') : value;
  const detection = { s: { [field]: plain }, condition: 's' };
  return JSON.stringify({ title: id, id, status: 'test', logsource, detection });
}

function elasticRule(id: string, field: string, value: Json): string {
  const text = typeof value === 'string' ? `"${value.replace(/[\\"]/g, '\\$&')}"` : String(value);
  const rule = [`name = "${id}"`, `rule_id = "${id}"`, 'risk_score = 1', 'severity = "low"', 'type = "query"'];
  return [
    '[metadata]',
    'creation_date = "2026/01/01"',
    '[rule]',
    ...rule,
    'language = "kuery"',
    `query = '''${field}: ${text}'''`,
    '',
  ].join('\n');
}

function pantherRule(id: string, logType: string, path: string, value: Json): Readonly<Record<string, string>> {
  const keys = path.split('.').map((key) => JSON.stringify(key));
  const python = typeof value === 'boolean' ? (value ? 'True' : 'False') : JSON.stringify(value);
  return {
    yml: [
      'AnalysisType: rule',
      `RuleID: ${id}`,
      'Enabled: true',
      `Filename: ${id}.py`,
      `LogTypes: [${logType}]`,
      'Severity: Low',
      '',
    ].join('\n'),
    py: `def rule(event):\n    return event.deep_get(${keys.join(', ')}) == ${python}\n`,
  };
}

function quoted(value: Json): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
