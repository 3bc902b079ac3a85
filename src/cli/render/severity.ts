import type { RuleSeverity } from '../../index.ts';
import type { Ink } from './style.ts';
import type { TableCell } from './table.ts';

const inks: Record<RuleSeverity, Ink> = {
  informational: 'gray',
  low: 'blue',
  medium: 'yellow',
  high: 'red',
  critical: 'red',
};

export function severityCell(severity: RuleSeverity | undefined): TableCell {
  return severity === undefined ? { text: '-' } : { text: severity, ink: inks[severity] };
}
