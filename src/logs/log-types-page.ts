import { and, field, match } from '../ir/construct.ts';
import type { Expr } from '../ir/expr.ts';
import type { View } from '../ir/view.ts';
import type { LogType } from './log-type.ts';
import { claimants, logTypes } from './registry.ts';
import { SIGMA_LOG_SOURCES, type SigmaLogSource } from './sigma-log-sources.ts';

/** The text of `docs/log-types.md`: what the registry declares, and which log types serve Sigma's log sources. */
export function logTypesPage(): string {
  const declared = logTypes.filter((type) => type.declared).sort((a, b) => (a.name < b.name ? -1 : 1));
  return `${[
    '# Log types',
    '',
    'A record has a log type: recognised from the record, or named with `--log-type`. A view says how the fields that a',
    "rule names (ECS, Sigma's taxonomy, Panther's log types, Kusto's tables) are computed from the record. A rule runs on a",
    'log type when the type has a view of its schema and the rule can hold there; nothing else routes rules to logs.',
    '',
    'This page is generated from the registry (`src/logs/registry.ts`); a test fails when it is stale.',
    '',
    '## Declared types',
    '',
    ...table(['log type', 'what it is', 'shapes', 'views'], declared.map(typeRow)),
    '',
    'Rows of any other table are `sentinel.<table>` (a Log Analytics row: `TimeGenerated` and `Type`) or',
    "`defender.<table>` (Advanced Hunting: `Timestamp`, or the streaming API's `AdvancedHunting-<table>`).",
    'A record that nothing fits is `generic`, and any name that nobody declared may be given to `--log-type`: rules then see',
    "the fields as they are. A name that Panther uses (`AWS.CloudTrail`) is the type that has it; a record's `p_log_type`",
    'counts the same.',
    '',
    'Windows event logs (EVTX) are read directly: their records have the shape `nested`, `{"Event": {"System": {…},',
    '"EventData": {…}}}`, as evtx_dump writes it. `docs/evtx.md` has the details.',
    '',
    '## Fields of each view',
    '',
    ...declared.flatMap(fieldSection),
    "## Sigma's log sources",
    '',
    `All ${SIGMA_LOG_SOURCES.length} log sources that SigmaHQ's rules name. Those that no declared type serves run on \`generic\` records, with the`,
    "record's own fields; a rule that searches all fields runs there only when no declared type serves its log source.",
    '',
    ...table(['product', 'category', 'service', 'log types'], SIGMA_LOG_SOURCES.map(sourceRow)),
  ].join('\n')}\n`;
}

/** The scope that a rule with this log source has. */
function sigmaScope([product, category, service]: SigmaLogSource): Expr {
  const parts = { product, category, service };
  return and(
    Object.entries(parts).flatMap(([name, value]) =>
      value === null ? [] : [match(field(`logsource.${name}`), { kind: 'equals', value })],
    ),
  );
}

function typeRow(type: LogType): readonly string[] {
  const shapes = type.shapes.map((shape) => shape.name).join(', ');
  return [`\`${type.name}\``, type.description, shapes, type.views.map(viewName).join(', ')];
}

function viewName(view: View): string {
  return view.table === undefined ? view.schema : `${view.schema} ${view.table}`;
}

function sourceRow(source: SigmaLogSource): readonly string[] {
  const types = claimants(sigmaScope(source)).map((type) => `\`${type.name}\``);
  return [...source.map((part) => part ?? ''), types.length === 0 ? '`generic`' : types.join(', ')];
}

function fieldSection(type: LogType): readonly string[] {
  return [
    `### ${type.name}`,
    '',
    ...type.views.flatMap((view) => {
      const names = [
        ...view.fields.keys(),
        ...view.families.flatMap(({ prefix }) => (prefix === '' ? [] : [`${prefix}*`])),
      ];
      const rest = [
        ...(view.families.some(({ prefix }) => prefix === '') ? ['every other name of the table'] : []),
        ...(view.event !== undefined ? ['those of the whole event ([Panther](panther.md))'] : []),
        ...(view.otherwise === 'raw' ? ["the record's own"] : []),
      ];
      const shown = [...names.sort().map((name) => `\`${name}\``), ...rest];
      return [`* **${viewName(view)}**: ${shown.join(', ')}`];
    }),
    '',
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
