import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { ValueEntry, ValueTree } from '../../languages/sigma/index.ts';

/** One rule of a file: its tree, and what the actions around it did wrong. */
export interface CollectedRule {
  readonly tree: ValueTree;
  readonly diagnostics: readonly Diagnostic[];
}

const ACTIONS: readonly string[] = ['global', 'reset', 'repeat'];

/**
 * The rules of a file's documents. `action: global` is a template: it is laid over each document that follows (where
 * both say something, the template counts, as in the reference implementation), until `action: reset`.
 * `action: repeat` is the rule before it with the document laid over.
 */
export function collectRules(documents: readonly ValueTree[]): CollectedRule[] {
  const rules: CollectedRule[] = [];
  let template: ValueTree | undefined;
  let before: ValueTree | undefined;
  for (const document of documents) {
    const action = document.get('action');
    const name = action?.scalar();
    if (action === undefined) {
      const tree = template === undefined ? document : overlay(document, template, document);
      rules.push({ tree, diagnostics: [] });
      before = tree;
    } else if (name === 'global') {
      template = document;
      before = document;
    } else if (name === 'reset') {
      template = undefined;
    } else if (name === 'repeat') {
      const diagnostics = before === undefined ? [diagnostic('sigma/nothing-to-repeat', {}, action.span)] : [];
      const tree = before === undefined ? document : overlay(before, document, document);
      rules.push({ tree, diagnostics });
      before = tree;
    } else {
      const written = typeof name === 'string' ? name : action.kindInWords;
      const found = diagnostic(
        'sigma/unknown-action',
        { action: written, near: didYouMean(written, ACTIONS) },
        action.span,
      );
      rules.push({ tree: document, diagnostics: [found] });
    }
  }
  return rules;
}

/** A map with another laid over it: maps are joined key by key, of anything else the upper counts. `place` says where it is. */
function overlay(lower: ValueTree, upper: ValueTree, place: ValueTree): ValueTree {
  const entries = new Map<string, ValueEntry>(lower.entries().map((entry) => [entry.key, entry]));
  for (const entry of upper.entries()) {
    const below = entries.get(entry.key);
    const joined = below?.value.kind === 'map' && entry.value.kind === 'map';
    entries.set(entry.key, joined ? { ...entry, value: overlay(below.value, entry.value, below.value) } : entry);
  }
  entries.delete('action');
  const all = [...entries.values()];
  return {
    kind: 'map',
    kindInWords: 'a map',
    span: place.span,
    scalar: () => undefined,
    written: () => undefined,
    asList: () => undefined,
    text: () => undefined,
    entries: () => all,
    get: (key) => entries.get(key)?.value,
  };
}
