import { type Diagnostic, diagnostic } from '../../../base/diagnostic.ts';
import { didYouMean } from '../../../base/did-you-mean.ts';
import type { ValueTree } from '../ast.ts';
import type { Pipeline, PipelineScalar, Step } from './definition.ts';
import { conditionKeys, fieldConditions, itemConditions, readConditions, ruleConditions } from './read-conditions.ts';
import { transformationReaders, unsupportedTransformations } from './read-transformation.ts';
import { Parameters, type Report, scalarOf } from './shapes.ts';

export interface ReadPipeline {
  /** Undefined when diagnostics hold an error. */
  readonly pipeline: Pipeline | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

const DEEPEST = 32;

/** Reads a pipeline in pySigma's YAML format. `name` is what it is called where it has no name of its own. */
export function readPipeline(tree: ValueTree, name: string): ReadPipeline {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (found) => {
    diagnostics.push(found);
  };
  if (tree.kind !== 'map') {
    return fail(diagnostic('pipeline/not-a-pipeline', { reason: `it is ${tree.kindInWords}` }, tree.span));
  }
  const top = new Parameters(tree, 'the pipeline', ['name', 'priority', 'allowed_backends', 'vars'], report);
  const priority = top.get('priority');
  if (priority !== undefined && typeof priority.scalar() !== 'number') top.wrong('priority', 'a number', priority);
  const steps = readSteps(top, 'transformations', 0, report);
  for (const key of ['postprocessing', 'finalizers']) {
    const value = top.get(key);
    if (value === undefined || value.asList()?.length === 0) continue;
    report(
      diagnostic(
        'pipeline/no-effect',
        { key, reason: 'it changes query text, and rules are run as they are' },
        value.span,
      ),
    );
  }
  const vars = readVariables(top);
  top.close();
  if (diagnostics.some((found) => found.severity === 'error')) return { pipeline: undefined, diagnostics };
  warnOfLostMappings(steps, new Map(), report);
  return {
    pipeline: {
      name: top.string('name') ?? name,
      priority: Number(priority?.scalar() ?? 0),
      vars,
      steps,
    },
    diagnostics,
  };
}

function fail(found: Diagnostic): ReadPipeline {
  return { pipeline: undefined, diagnostics: [found] };
}

function readVariables(top: Parameters): ReadonlyMap<string, readonly PipelineScalar[]> {
  const value = top.get('vars');
  if (value !== undefined && value.kind !== 'map') top.wrong('vars', 'a map of names to values', value);
  const vars = new Map<string, readonly PipelineScalar[]>();
  for (const entry of value?.entries() ?? []) {
    const items = entry.value.asList() ?? [entry.value];
    const scalars = items.map((item) => scalarOf(item));
    const sound = scalars.filter((one) => typeof one === 'string' || typeof one === 'number');
    // Backends read other variables of their own; only one that a placeholder asks for must be a list of texts.
    if (sound.length === scalars.length && sound.length > 0) vars.set(entry.key, sound);
  }
  return vars;
}

function readSteps(from: Parameters, key: string, depth: number, report: Report): Step[] {
  const value = from.get(key);
  if (value === undefined) return [];
  const items = value.asList();
  if (items === undefined) {
    from.wrong(key, 'a list', value);
    return [];
  }
  if (depth > DEEPEST) {
    from.refuse(diagnostic('pipeline/too-deep', { most: DEEPEST }, value.span));
    return [];
  }
  return items.flatMap((item) => {
    if (item.kind !== 'map') {
      from.wrong(key, 'a list of transformations, each a map with a `type`', item);
      return [];
    }
    return readStep(item, depth, report) ?? [];
  });
}

function readStep(tree: ValueTree, depth: number, report: Report): Step | undefined {
  const known = ['type', 'id', ...(['rule', 'detection_item', 'field_name'] as const).flatMap(conditionKeys)];
  const parameters = new Parameters(tree, 'this transformation', known, report);
  const type = parameters.neededString('type');
  const span = tree.get('type')?.span ?? tree.span;
  const id = tree.get('id')?.scalar();
  const rule = readConditions(parameters, 'rule', ruleConditions, report);
  const item = readConditions(parameters, 'detection_item', itemConditions, report);
  const field = readConditions(parameters, 'field_name', fieldConditions, report);
  const common = { id: id === undefined || id === null ? undefined : String(id), rule, item, field, span };
  const unsupported = Object.hasOwn(unsupportedTransformations, type) ? unsupportedTransformations[type] : undefined;
  if (unsupported !== undefined) {
    report(diagnostic('pipeline/not-supported', { type, reason: unsupported.reason }, span));
    const { placeholdersOnly } = unsupported;
    return { ...common, transformation: { type: 'unsupported', name: type, placeholdersOnly } };
  }
  if (type === 'nest') {
    parameters.needed('items');
    const steps = readSteps(parameters, 'items', depth + 1, report);
    parameters.close();
    return { ...common, transformation: { type: 'nest', steps } };
  }
  const reader = Object.hasOwn(transformationReaders, type) ? transformationReaders[type] : undefined;
  if (reader === undefined) {
    if (!parameters.failed) {
      const near = didYouMean(type, [...Object.keys(transformationReaders), 'nest']);
      report(diagnostic('pipeline/unknown-transformation', { type, near }, span));
    }
    return undefined;
  }
  const transformation = reader(parameters);
  parameters.close();
  return transformation && { ...common, transformation };
}

/** A mapping of a field that an earlier one, without conditions, has given another name: it can never be met. */
function warnOfLostMappings(steps: readonly Step[], gone: Map<string, string>, report: Report): void {
  for (const { transformation, rule, item, field, span } of steps) {
    if (transformation.type === 'nest') {
      if (rule === undefined) warnOfLostMappings(transformation.steps, gone, report);
      continue;
    }
    if (transformation.type !== 'field_name_mapping') {
      // Prefixes and the like make names that cannot be foreseen here.
      if (/^field_name_|^extract|^hashes/.test(transformation.type)) gone.clear();
      continue;
    }
    const entries = [...transformation.mapping];
    for (const [name] of entries) {
      const to = name === null ? undefined : gone.get(name);
      if (name !== null && to !== undefined) report(diagnostic('pipeline/mapped-before', { field: name, to }, span));
    }
    const always = rule === undefined && item === undefined && field === undefined;
    for (const [name, targets] of entries) {
      for (const target of targets) gone.delete(target);
      if (always && name !== null && !targets.includes(name)) gone.set(name, targets.join(', '));
    }
    for (const [, targets] of entries) for (const target of targets) gone.delete(target);
  }
}
