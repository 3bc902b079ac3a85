import { and, field, match } from '../ir/construct.ts';
import type { Expr } from '../ir/expr.ts';
import type { View } from '../ir/view.ts';
import type { LogType } from './log-type.ts';
import { claimants, logTypes } from './registry.ts';
import { SIGMA_LOG_SOURCES, type SigmaLogSource } from './sigma-log-sources.ts';
import { SIGMA_FORMS, type SigmaForm } from './undeclared/sigma-forms.ts';

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
    "A name that Panther uses (`AWS.CloudTrail`) is the type that has it; a record's `p_log_type` counts the same. A record that",
    'nothing fits is `generic`, or of the type that its `p_log_type` or `--log-type` names.',
    '',
    'Windows event logs (EVTX) are read directly: their records have the shape `nested`, `{"Event": {"System": {…},',
    '"EventData": {…}}}`, as evtx_dump writes it. `docs/evtx.md` has the details.',
    '',
    '## Records of undeclared types',
    '',
    "Rules see the fields of such a record as they are. A rule is about a log source (Sigma's `logsource`, Elastic's `index`,",
    "Panther's `LogTypes`, a Kusto table): rules without one (also those of index `*`) look at everything. **A rule with a log",
    'source reaches a record of an undeclared type only in these ways**, and `explain` and the summary of a run say by which:',
    '',
    '* **You say so.** `--log-source product=okta,service=okta` (also `category=…`, and `index=…` for Elastic) says what all records',
    '  of undeclared types are; `logSources` in `dragoman.yaml` says it of some ([cli.md](cli.md)). `--log-type NAME` names their',
    '  type: that is the `LogTypes` of Panther, the table of Kusto, the index or data stream `logs-NAME-default`, and the log source',
    '  of Sigma whose parts the name spells (`zeek.dns`: product zeek, service dns).',
    "* **The record says so.** At top level it has every key that the rule's `logsource` has (`product`, `category`, `service`), each a",
    "  text equal to the rule's but for case. Its `p_log_type` is the `LogTypes` of Panther's rules.",
    "* **Its fields have the names of Sigma's taxonomy**, as the table says, and none names another system (`protoPayload`,",
    '  `Workload`, `eventType`, …). A path that begins with `X:\\` or `\\\\` is of product windows; any other gives no product, so that',
    '  only rules without one are reached. With `UtcTime` and an `EventID` of the table it is an event of Sysmon.',
    "* **It is an ECS document**, for Elastic's rules: all of its top-level names are ECS field sets (maps, or names with dots) or base",
    '  fields, or it has `ecs.version`, `data_stream.*`, `event.dataset` or `_index`. Where it names its index or dataset, the index',
    "  patterns of the rule must admit that; else any index does. `event.dataset` stands for the data stream and for the shipper's",
    '  index (`filebeat-*`, or as `agent.type` says).',
    '',
    ...table(['Sigma category', 'fields', 'Sysmon events'], SIGMA_FORMS.map(formRow)),
    '',
    'A run ends by saying which log types no rule with a log source is about, and how to say what they are.',
    '',
    '## Fields of each view',
    '',
    ...declared.flatMap(fieldSection),
    "## Sigma's log sources",
    '',
    `All ${SIGMA_LOG_SOURCES.length} log sources that SigmaHQ's rules name, and the declared types that serve them. Records of undeclared types`,
    'are of a log source in the ways above only.',
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
  return [...source.map((part) => part ?? ''), types.length === 0 ? '–' : types.join(', ')];
}

function formRow({ categories, actor, texts, scalars = [], sysmon, needsId }: SigmaForm): readonly string[] {
  const fields = [actor, ...texts, ...scalars, ...(needsId ? ['EventID'] : [])].map((name) => `\`${name}\``);
  return [categories.join(', '), fields.join(', '), sysmon.join(', ')];
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
