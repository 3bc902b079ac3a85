import { type Diagnostic, diagnostic, primarySpan } from '../../../base/diagnostic.ts';
import type { SourceText } from '../../../base/source-text.ts';
import type { EsqlQuery, EsqlSetting } from '../ast.ts';
import { type EsqlToken, lexEsql } from '../lexer.ts';
import { Commands } from './commands.ts';
import { EsqlTokens } from './tokens.ts';

export interface EsqlParse {
  /** The whole query; parts that could not be read are `error` nodes. */
  readonly ast: EsqlQuery;
  /** Errors, by place. */
  readonly diagnostics: readonly Diagnostic[];
}

/** As long as Elasticsearch reads queries. */
const MOST_CHARACTERS = 1_000_000;

/** query: setting* pipeline. Never throws. */
export function parseEsql(source: SourceText): EsqlParse {
  if (source.text.length > MOST_CHARACTERS) return tooLong(source);
  const lexed = lexEsql(source);
  const tokens = new EsqlTokens(source, lexed.tokens);
  const commands = new Commands(tokens);
  const settings: EsqlSetting[] = [];
  while (tokens.at('command') && tokens.peek().value === 'SET') {
    const setting = commands.setting();
    const [name] = setting?.name.parts ?? [];
    if (setting !== undefined && name !== undefined) settings.push({ name, value: setting.value, span: setting.span });
  }
  const pipeline = commands.pipeline();
  if (!tokens.at('end')) tokens.expected('`|` or the end of the query');
  const mixed = mixedParameter(lexed.tokens);
  if (mixed !== undefined) tokens.report(diagnostic('esql/mixed-parameters', {}, tokens.spanOf(mixed)));
  const span = source.span(0, source.text.length);
  const diagnostics = [...lexed.diagnostics, ...tokens.diagnostics].sort((a, b) => startOf(a) - startOf(b));
  return { ast: { settings, pipeline, span }, diagnostics };
}

function tooLong(source: SourceText): EsqlParse {
  const span = source.span(0, 0);
  const found = diagnostic('esql/too-long', { limit: MOST_CHARACTERS, found: source.text.length }, span);
  return { ast: { settings: [], pipeline: { commands: [], span }, span }, diagnostics: [found] };
}

/** A parameter without a name that stands beside others with one: nobody could say which of the values it is. */
function mixedParameter(all: readonly EsqlToken[]): EsqlToken | undefined {
  const parameters = all.filter(({ kind }) => kind === 'parameter');
  const isNameless = ({ text }: EsqlToken): boolean => /^\?+$/.test(text);
  return parameters.every(isNameless) ? undefined : parameters.find(isNameless);
}

function startOf(found: Diagnostic): number {
  return primarySpan(found)?.start ?? 0;
}
