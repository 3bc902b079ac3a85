import { diagnostic } from '../../../base/diagnostic.ts';
import { SIGMA_LOG_SOURCES } from '../../../logs/sigma-log-sources.ts';
import { categoryOfEvent, decidesEventId, windowsCategories } from './categories.ts';
import type { Check } from './document.ts';

const KEYS: readonly string[] = ['product', 'category', 'service', 'definition'];

/** The log source by itself. */
export const checkLogSource: Check = (document, report) => {
  const written = document.tree.get('logsource');
  for (const { key, keySpan } of written?.entries() ?? []) {
    if (!KEYS.includes(key)) report(diagnostic('sigma/logsource-key', { key }, keySpan));
  }
  const { product, category, service } = document.logsource;
  if (document.kind !== 'rule' || written === undefined || (product ?? category ?? service) === undefined) return;
  const known = SIGMA_LOG_SOURCES.some(
    ([one, two, three]) => one === (product ?? null) && two === (category ?? null) && three === (service ?? null),
  );
  if (known) return;
  const parts = [product && `product ${product}`, category && `category ${category}`, service && `service ${service}`];
  const logsource = parts.filter((part) => part !== undefined).join(', ');
  report(diagnostic('sigma/unknown-logsource', { logsource }, written.span));
};

/** A category says what several sources share; a rule on one of them by its event id misses the others. */
export const checkSpecificSource: Check = (document, report) => {
  const { product, service, category } = document.logsource;
  if (product !== 'windows' || service === undefined || category !== undefined) return;
  const ids = document.items.filter((item) => item.field === 'EventID');
  for (const item of ids) {
    for (const value of item.values) {
      const id = value.scalar();
      const found = typeof id === 'number' ? categoryOfEvent(service, id) : undefined;
      if (found === undefined) continue;
      report(diagnostic('sigma/specific-logsource', { eventId: String(id), category: found }, value.span));
    }
  }
  if (service === 'sysmon' && ids.length === 0) {
    const span = document.tree.get('logsource')?.span ?? document.place;
    report(diagnostic('sigma/sysmon-without-event-id', {}, span));
  }
};

/** What the category has decided already. */
export const checkRedundantFields: Check = (document, report) => {
  const { product, category } = document.logsource;
  const known = product === 'windows' && category !== undefined ? windowsCategories.get(category) : undefined;
  if (known === undefined || category === undefined) return;
  for (const item of document.items) {
    const { field } = item;
    const decided =
      (field === 'EventID' && decidesEventId(category)) || (field === 'EventType' && category === 'registry_set');
    if (decided) report(diagnostic('sigma/redundant-field', { field: field ?? '', category }, item.keySpan));
    if (field === 'Channel' && known.providers.length === 1) {
      report(diagnostic('sigma/redundant-field', { field, category }, item.keySpan));
    }
    const value =
      field === 'Provider_Name' ? item.values.find((one) => known.providers.includes(String(one.scalar()))) : undefined;
    if (value !== undefined) {
      report(diagnostic('sigma/redundant-provider', { provider: String(value.scalar()), category }, value.span));
    }
  }
};
