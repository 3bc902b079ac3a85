import type { SourceSystem } from '../coverage.ts';
import { ELASTIC_UNSERVED } from './elastic.ts';
import { KUSTO_UNSERVED } from './kusto.ts';
import { PANTHER_UNSERVED } from './panther.ts';
import { SIGMA_UNSERVED } from './sigma.ts';

/** Why no declared log type serves logs; undefined where nobody has said. */
export function reasonUnserved(system: SourceSystem, source: string): string | undefined {
  switch (system) {
    case 'sigma':
      return reasonFor(SIGMA_UNSERVED, source);
    case 'elastic':
      return elasticReason(source);
    case 'kusto':
      return reasonFor(KUSTO_UNSERVED, source) ?? workspaceReason(source);
    case 'panther':
      return reasonFor(PANTHER_UNSERVED, source) ?? deploymentReason(source);
  }
}

function reasonFor(reasons: Readonly<Record<string, string>>, source: string): string | undefined {
  return Object.hasOwn(reasons, source) ? reasons[source] : undefined;
}

/** `logs-PACKAGE.DATASET-NAMESPACE`, each of which may be a pattern; indices of Beats have their name. */
function elasticReason(pattern: string): string | undefined {
  const whole = pattern.replace(/^logs-/, '').replace(/(?:[-._]?\*|-default)$/, '');
  for (let name = whole; ; ) {
    const reason = reasonFor(ELASTIC_UNSERVED, name);
    if (reason !== undefined) return reason;
    const dot = name.lastIndexOf('.');
    if (dot < 1) return undefined;
    name = name.slice(0, dot);
  }
}

/** Azure Monitor gives every custom table this ending (learn.microsoft.com, "Create a custom table"). */
function workspaceReason(table: string): string | undefined {
  return table.endsWith('_CL')
    ? 'a custom table of a workspace, whose columns its collector chooses: --log-type names rows of it'
    : undefined;
}

/** Panther's names for schemas of one's own begin so. */
function deploymentReason(type: string): string | undefined {
  return type.startsWith('Custom.') ? 'a schema of a deployment: --log-type names its records' : undefined;
}
