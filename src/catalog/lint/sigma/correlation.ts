import { diagnostic } from '../../../base/diagnostic.ts';
import type { Check } from './document.ts';

const GROUPED: readonly string[] = ['event_count', 'value_count', 'temporal', 'temporal_ordered'];

/** Correlations that run, and hardly mean what they say. */
export const checkCorrelation: Check = (document, report) => {
  const correlation = document.tree.get('correlation');
  if (correlation === undefined) return;
  const type = correlation.get('type');
  const name = String(type?.scalar());
  const rules = correlation.get('rules');
  const count = rules?.asList()?.length ?? (rules === undefined ? 0 : 1);
  if ((name === 'temporal' || name === 'temporal_ordered') && count < 2) {
    report(diagnostic('sigma/correlation-rules', {}, rules?.span ?? correlation.span));
  }
  const groups = correlation.get('group-by');
  const grouped = groups !== undefined && groups.kind !== 'null' && groups.asList()?.length !== 0;
  if (GROUPED.includes(name) && !grouped) {
    report(diagnostic('sigma/correlation-group-by', { type: name }, type?.span ?? correlation.span));
  }
};
