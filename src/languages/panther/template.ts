import { diagnostic } from '../../base/diagnostic.ts';
import type { Key, Template } from './ast.ts';
import type { MapFields } from './map-fields.ts';
import { keyAtPath } from './parse-key.ts';
import type { ValueNode } from './value-node.ts';

const PLACE = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/** `template: (text | '{' path '}' | '{{' | '}}')*`, as in `Repository {repo} of {actor.name}`. */
export function parseTemplate(written: string, fields: MapFields, node: ValueNode | undefined): Template {
  const parts: (string | Key)[] = [];
  let words = '';
  let from = 0;
  for (const found of written.matchAll(PLACE)) {
    const [whole, path] = found;
    words += written.slice(from, found.index);
    from = found.index + whole.length;
    if (path !== undefined) {
      const key = keyAtPath(path.trim(), fields, node);
      if (words !== '') parts.push(words);
      words = '';
      if (key !== undefined) parts.push(key);
    } else if (whole.length === 2) {
      words += whole[0] ?? '';
    } else {
      fields.diagnostics.push(diagnostic('panther/title-template', { reason: `a single \`${whole}\`` }, node?.span));
    }
  }
  words += written.slice(from);
  if (words !== '' || parts.length === 0) parts.push(words);
  return { parts, span: node?.span };
}
