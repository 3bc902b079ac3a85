import type { Target } from '../engine/target.ts';

type Importer = () => Promise<{ readonly default: Target }>;

/** Every target by its name. They are imported when they run: V8 counts blocks only of what is loaded after it was asked to. */
const importers: Readonly<Record<string, Importer>> = {
  kuery: () => import('./kuery.ts'),
  lucene: () => import('./lucene.ts'),
  eql: () => import('./eql.ts'),
  kusto: () => import('./kusto.ts'),
  'python-code': () => import('./python-code.ts'),
  'sigma-condition': () => import('./sigma-condition.ts'),
  'sigma-rule': () => import('./sigma-rule.ts'),
  'elastic-rule': () => import('./elastic-rule.ts'),
  'panther-rule': () => import('./panther-rule.ts'),
  'sentinel-rule': () => import('./sentinel-rule.ts'),
  yaml: () => import('./yaml.ts'),
  mappings: () => import('./mappings.ts'),
  'value-lists': () => import('./value-lists.ts'),
  'json-path': () => import('./json-path.ts'),
  regex: () => import('./regex.ts'),
  'logs-json': () => import('./logs-json.ts'),
  'logs-tables': () => import('./logs-tables.ts'),
  'logs-lines': () => import('./logs-lines.ts'),
  'logs-auditd': () => import('./logs-auditd.ts'),
  'logs-xml': () => import('./logs-xml.ts'),
  'logs-evtx': () => import('./logs-evtx.ts'),
  compressed: () => import('./compressed.ts'),
  kernel: () => import('./kernel.ts'),
  'python-messages': () => import('./python-messages.ts'),
  'python-boundary': () => import('./python-boundary.ts'),
  'python-rules': () => import('./python-rules.ts'),
  pipeline: () => import('./pipeline.ts'),
};

export const targetNames: readonly string[] = Object.keys(importers);

export async function loadTarget(name: string): Promise<Target> {
  const importer = importers[name];
  if (importer === undefined) throw new Error(`there is no target ${name}; there are: ${targetNames.join(', ')}`);
  return (await importer()).default;
}
