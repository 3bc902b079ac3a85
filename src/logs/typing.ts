import type { JsonObject } from '../base/json.ts';
import type { Expr } from '../ir/expr.ts';
import { plansOf, type Rule } from '../ir/rule/rule.ts';
import { sourceNodes } from '../ir/traverse.ts';
import type { SchemaName } from '../ir/types.ts';
import { canBeAbout } from './claims.ts';
import type { Said } from './input/log-path.ts';
import { type LogSource, sigmaSourceFields } from './log-source.ts';
import type { LogType, Shape } from './log-type.ts';
import { logType, pantherType, type Recognised, recognise } from './registry.ts';
import { type DeclaredSource, isDeclaredAs, takenAs } from './undeclared/declared-source.ts';
import { byEcsDocument } from './undeclared/ecs-document.ts';
import { byOwnKeys } from './undeclared/own-keys.ts';
import { bySigmaForm } from './undeclared/sigma-forms.ts';
import type { Taken } from './undeclared/taken.ts';
import { takenFor } from './undeclared/undeclared-type.ts';

/** What the user says of the records. */
export interface TypingOptions {
  /** The log type of every record, instead of what each looks like. */
  readonly logType?: string | undefined;
  /** The log source of records whose type is not declared. */
  readonly logSource?: LogSource;
  /** Which records of undeclared types are of which log source; the first that fits counts. */
  readonly declaredSources?: readonly DeclaredSource[];
}

/**
 * How records of a path are typed: where the user says something of it, by that and the rest of the options, else by the options alone.
 */
export function typingsOf(options: TypingOptions, rules: readonly Rule[]): (said: Said | undefined) => Typing {
  const usual = typingOf(options, rules);
  const known = new Map<Said, Typing>();
  return (said) => {
    if (said === undefined) return usual;
    const typing = known.get(said) ?? typingOf({ ...options, logType: undefined, ...said }, rules);
    known.set(said, typing);
    return typing;
  };
}

/** Says of each record what it is. The same objects for records that are the same. */
export type Typing = (event: JsonObject) => Recognised;

/**
 * What records are, by what they look like and what the user says. A record of an undeclared type is taken for a log source in
 * these ways only: the user says so, its own keys do, its fields have the names of Sigma's taxonomy, or it is an ECS document.
 * `rules`: those that the records are for.
 */
export function typingOf(options: TypingOptions, rules: readonly Rule[]): Typing {
  const { logType: name, logSource, declaredSources = [] } = options;
  const said = logSource === undefined ? [] : takenAs(logSource, '--log-source');
  const declared = declaredSources.map((one) => ({ one, taken: takenAs(one.source, 'the configuration') }));
  const admits = sourceTest(rules);
  const areAboutIndices = scopesOf(rules, 'ecs').length > 0;
  const named = name === undefined ? undefined : logType(name);
  return (event) => {
    const found =
      named === undefined || name === undefined
        ? recognise(event)
        : (pantherType(name, event) ?? { type: named, shape: shapeOf(named, event) });
    const { type } = found;
    if (type.declared) return found;
    const way = declared.find(({ one }) => isDeclaredAs(event, type.name, one));
    const taken = [
      ...said,
      ...(way?.taken ?? []),
      ...(admits === undefined ? [] : [byOwnKeys(event, admits), bySigmaForm(event)]),
      ...(areAboutIndices ? [byEcsDocument(event)] : []),
    ].filter((one): one is Taken => one !== undefined);
    return taken.length === 0 ? found : firstShape(takenFor(type, taken));
  };
}

/**
 * The shape a record has among those of a type that the user named; where it has none of them, that of the type's documents if it is a
 * document of ECS, else the first.
 */
export function shapeOf(type: LogType, event: JsonObject): Shape {
  const known = type.shapes.find((one) => one.recognises(event));
  if (known !== undefined) return known;
  // A shipper's document lies elsewhere than the raw record; of a type's forms of documents the last is the most lenient.
  const documents = type.shapes.filter(({ document }) => document?.schema === 'ecs');
  const document = documents.length > 0 && byEcsDocument(event) !== undefined ? documents.at(-1) : undefined;
  return document ?? firstShape(type).shape;
}

function firstShape(type: LogType): Recognised {
  const [shape] = type.shapes;
  if (shape === undefined) throw new Error(`log type ${type.name} has no shape`);
  return { type, shape };
}

/** What records say of themselves may be anything, so that not all of it is kept. */
const MOST_KNOWN = 10_000;

/** Whether a Sigma rule is about a log source; undefined where there are no rules that are about any. */
function sourceTest(rules: readonly Rule[]): ((source: LogSource) => boolean) | undefined {
  const scopes = [
    ...new Map(scopesOf(rules, 'sigma').map((scope) => [JSON.stringify(scope, withoutSpan), scope])).values(),
  ];
  if (scopes.length === 0) return undefined;
  const known = new Map<string, boolean>();
  return (source) => {
    const key = JSON.stringify(source);
    let admitted = known.get(key);
    if (admitted === undefined) {
      const fields = sigmaSourceFields(source) ?? new Map();
      admitted = scopes.some((scope) => canBeAbout(scope, fields));
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(key, admitted);
    }
    return admitted;
  };
}

/** What log sources the rules over a schema are about. */
function scopesOf(rules: readonly Rule[], schema: SchemaName): readonly Expr[] {
  const sources = rules.flatMap(({ logic }) => (logic.kind === 'plan' ? plansOf(logic).flatMap(sourceNodes) : []));
  return sources.flatMap((source) => (source.schema === schema && source.scope !== null ? [source.scope] : []));
}

function withoutSpan(key: string, value: unknown): unknown {
  return key === 'span' ? undefined : value;
}
