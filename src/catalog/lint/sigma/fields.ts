import { diagnostic } from '../../../base/diagnostic.ts';
import { didYouMean } from '../../../base/did-you-mean.ts';
import type { Check } from './document.ts';
import { fieldPlace, isPlainKey } from './document.ts';
import { fieldsOf } from './field-names.ts';

/** The names of fields: their spelling, and whether the log source has them. */
export const checkFields: Check = (document, report) => {
  const known = fieldsOf(document.logsource);
  const { product, category } = document.logsource;
  const logsource = [product, category].filter((part) => part !== undefined).join(' ');
  for (const item of document.items) {
    const { field } = item;
    if (field === null) continue;
    const span = fieldPlace(item);
    if (field.includes(' ')) report(diagnostic('sigma/space-in-field', { field }, span));
    if (known === undefined || known.has(field)) continue;
    const right = [...known].find((name) => name.toLowerCase() === field.toLowerCase());
    if (right !== undefined) {
      const fixes = isPlainKey(item) ? [{ title: `write \`${right}\``, edits: [{ span, text: right }] }] : [];
      report(diagnostic('sigma/field-case', { field, right }, span, { fixes }));
    } else if (!field.includes('.')) {
      report(diagnostic('sigma/unknown-field', { field, logsource, near: didYouMean(field, known, 1) }, span));
    }
  }
};
