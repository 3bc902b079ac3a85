import { type Diagnostic, diagnostic } from '../../../base/diagnostic.ts';
import { fileNameOf, type SigmaDocument, textOf } from './document.ts';

/** What several files of a rule set have in common and should not. Ids are looked at where rules are loaded. */
export function lintRuleSet(documents: readonly SigmaDocument[]): Diagnostic[] {
  const found: Diagnostic[] = [];
  const titles = new Map<string, SigmaDocument>();
  const names = new Map<string, string>();
  for (const document of documents) {
    const title = textOf(document, 'title');
    if (title !== undefined) {
      const first = titles.get(title.text);
      if (first === undefined) titles.set(title.text, document);
      else {
        const params = { title: title.text, other: first.file.name };
        found.push(diagnostic('sigma/duplicate-title', params, title.tree.span));
      }
    }
    const name = fileNameOf(document);
    const path = names.get(name);
    if (path === undefined) names.set(name, document.file.name);
    else if (path !== document.file.name) {
      found.push(diagnostic('sigma/duplicate-file-name', { name, other: path }, document.place));
    }
  }
  return found;
}
