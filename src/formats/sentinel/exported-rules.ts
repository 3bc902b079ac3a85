import type { YamlNode } from '../source/yaml-source.ts';

/** A rule inside an export, as if it stood in a file of its own: the resource's properties, with its kind and name. */
export interface ExportedRule {
  readonly node: YamlNode;
  /** The template around it, whose variables and parameters its texts may name. */
  readonly template: YamlNode | undefined;
}

/** Templates inside templates: a solution's package has two levels. */
const DEEPEST = 6;

/**
 * The rules of an export in JSON: an ARM template (`resources`, also those of a solution's package), what the API of Sentinel or of
 * Microsoft Graph lists (`value`), a list of rules, or one rule.
 */
export function exportedRules(node: YamlNode, template?: YamlNode, depth = 0): readonly ExportedRule[] {
  if (depth > DEEPEST) return [];
  const items = node.asList();
  if (items !== undefined) return items.flatMap((item) => exportedRules(item, template, depth + 1));
  if (node.kind !== 'map') return [];
  const properties = node.get('properties');
  if (properties?.kind === 'map' && isRuleResource(node, properties))
    return [{ node: properties.get('queryCondition') === undefined ? properties.over(node) : node, template }];
  if (node.get('queryCondition') !== undefined) return [{ node, template }];
  const around = node.get('parameters') !== undefined || node.get('variables') !== undefined ? node : template;
  const nested = [node.get('resources'), node.get('value'), properties?.get('mainTemplate')];
  return nested.flatMap((part) => (part === undefined ? [] : exportedRules(part, around, depth + 1)));
}

/** Rules of analytics, templates of them, and saved searches that are hunting queries. */
function isRuleResource(node: YamlNode, properties: YamlNode): boolean {
  const type = node.get('type')?.asString() ?? '';
  if (/(?:^|\/)alertRule(?:s|Templates)$/i.test(type)) return true;
  if (/(?:^|\/)savedSearches$/i.test(type)) return properties.get('category')?.asString() === 'Hunting Queries';
  const kind = node.get('kind')?.asString();
  return (kind === 'Scheduled' || kind === 'NRT') && properties.get('query') !== undefined;
}

/**
 * A text of a template: `[variables('x')]` and `[parameters('x')]` are what the template says; undefined for any other expression, which
 * only a deployment can compute. `[[` is one bracket.
 */
export function resolved(value: YamlNode, template: YamlNode | undefined): YamlNode | undefined {
  const text = value.asString();
  if (text === undefined || template === undefined || !/^\[[A-Za-z]+\(/.test(text)) return value;
  const [, kind, name = ''] = /^\[(variables|parameters)\('([^']+)'\)\]$/.exec(text) ?? [];
  if (kind === 'variables') return template.get('variables')?.get(name);
  return kind === 'parameters' ? template.get('parameters')?.get(name)?.get('defaultValue') : undefined;
}

const GUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i;

/** The id that a resource's name holds: `…/Microsoft.SecurityInsights/<id>`. */
export function resourceId(node: YamlNode): string | undefined {
  for (const key of ['name', 'id', 'alertRuleTemplateName']) {
    const found = GUID.exec(node.get(key)?.asString() ?? '');
    if (found !== null) return found[0];
  }
  return undefined;
}
