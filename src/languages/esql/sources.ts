import type { Span } from '../../base/span.ts';
import type { EsqlPipeline, EsqlQuery } from './ast.ts';
import { subexpressions } from './walk.ts';

/** The index patterns that a query names in FROM, those of subqueries among them. */
export function esqlPatterns({ pipeline }: EsqlQuery): readonly { readonly value: string; readonly span: Span }[] {
  return patternsOf(pipeline);
}

function patternsOf({ commands }: EsqlPipeline): readonly { readonly value: string; readonly span: Span }[] {
  return commands.flatMap((command) => {
    if (command.kind === 'where') {
      const subqueries = [...subexpressions(command.condition)].filter((expr) => expr.kind === 'in');
      return subqueries.flatMap(({ among }) => ('pipeline' in among ? patternsOf(among.pipeline) : []));
    }
    if (command.kind !== 'from') return [];
    return command.sources.flatMap((source) =>
      source.kind === 'subquery' ? patternsOf(source.pipeline) : [{ value: source.text, span: source.span }],
    );
  });
}
