import type { SourceSystem } from './coverage.ts';

/** Why logs have no declared type. */
const REASONS: readonly (readonly [system: SourceSystem, source: RegExp, reason: string])[] = [
  [
    'sigma',
    /^product=(?:jvm|spring|django|nodejs|python|ruby_on_rails|sql|velocity),category=application$/,
    'applications write their logs as they like, and nothing in the text is proof: --log-source says whose they are',
  ],
  [
    'sigma',
    /^product=paloalto,category=file_event/,
    "the file events of GlobalProtect's host are in no log that PAN-OS publishes the form of",
  ],
  ['sigma', /^product=qualys/, 'no public raw form'],
  [
    'elastic',
    /^\.?(?:alerts|internal\.alerts|siem-signals)/,
    "alerts of Elastic's own detection engine: no log of a system",
  ],
  ['elastic', /^(?:ml_|\.ml-|anomal)/, "results of Elastic's machine learning: no log of a system"],
  ['elastic', /^(?:metrics-|traces-|apm-|profiling-)/, 'measurements and traces: no log'],
  [
    'elastic',
    /(?:alerts?|incident|offense|threat)-\*$/,
    'alerts of a product, which the shipper writes as ECS: documents are read as they are',
  ],
  ['elastic', /^(?:logs-)?ti_/, 'indicators: what is compared with logs, not a log'],
  [
    'elastic',
    /./,
    'only the shipper writes it, as an ECS document: rules reach it by its index or dataset, without a view',
  ],
  ['kusto', /^(?:_|externaldata)/, 'a function or list of the workspace: no log'],
  [
    'kusto',
    /./,
    'no raw form has a view of the table: rows exported from it are read as they are (`sentinel.TABLE`, `defender.TABLE`)',
  ],
  ['panther', /./, 'records that say the type in `p_log_type`, or logs that --log-type names, are read as they are'],
];

/** Why no declared log type serves logs; undefined where nobody has said. */
export function reasonUnserved(system: SourceSystem, source: string): string | undefined {
  return REASONS.find(([of, pattern]) => of === system && pattern.test(source))?.[2];
}
