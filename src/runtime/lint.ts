import { type Diagnostic, primarySpan } from '../base/diagnostic.ts';
import { CaseOnlyLint } from '../catalog/lint/case-only.ts';
import { lintNever } from '../catalog/lint/never.ts';
import { fromEpochMs } from '../engines/memory/index.ts';
import type { Rule } from '../ir/rule.ts';
import { readLogs } from '../logs/input/index.ts';
import type { Shape } from '../logs/log-type.ts';
import { logType, logTypes, recognise } from '../logs/registry.ts';
import type { Binding } from '../passes/bind.ts';
import { bindingOf, evaluateConstant } from './binding.ts';
import { shapeOf } from './engine.ts';
import type { RuleSet } from './load-rules.ts';

export interface LintOptions {
  /** Logs whose values are compared with those that rules ask for. */
  readonly logs?: readonly string[];
  readonly logType?: string;
}

/** Everything that is wrong or suspicious in rules: what loading found, what each language finds, and what the logs show. */
export async function lint(loaded: RuleSet, options: LintOptions = {}): Promise<readonly Diagnostic[]> {
  const found: Diagnostic[] = [...loaded.diagnostics];
  const rules: Rule[] = [];
  for (const outcome of loaded.outcomes) {
    found.push(...outcome.diagnostics);
    if (outcome.status !== 'loaded') continue;
    rules.push(outcome.rule);
    found.push(...outcome.lint());
  }
  const bindings = logTypes.flatMap((type) => type.shapes.map((shape) => bindingOf(type, shape)));
  for (const rule of rules) found.push(...lintNever(rule, bindings, evaluateConstant));
  if (options.logs !== undefined) found.push(...(await lintWithLogs(rules, options.logs, options.logType)));
  return inOrder(found);
}

async function lintWithLogs(
  rules: readonly Rule[],
  logs: readonly string[],
  typeName: string | undefined,
): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  const cases = new CaseOnlyLint(rules, evaluateConstant, { now: fromEpochMs(Date.now()) });
  const bindings = new Map<string, Map<Shape, Binding>>();
  for await (const batch of readLogs(logs)) {
    found.push(...batch.diagnostics.filter((one) => one.severity === 'error'));
    for (const { event } of batch.events) {
      const named = typeName === undefined ? undefined : logType(typeName);
      const { type, shape } = named === undefined ? recognise(event) : { type: named, shape: shapeOf(named, event) };
      const byShape = bindings.get(type.name) ?? new Map<Shape, Binding>();
      bindings.set(type.name, byShape);
      const binding = byShape.get(shape) ?? bindingOf(type, shape);
      byShape.set(shape, binding);
      cases.see(event, binding);
    }
  }
  return [...found, ...cases.report()];
}

/** By file and place, each finding once: loading and linting may see the same thing. */
function inOrder(found: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  const once = found.filter((one) => {
    const span = primarySpan(one);
    const key = [one.code, span?.source, span?.start, span?.end, one.message].join('\0');
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return once.sort((a, b) => {
    const [left, right] = [primarySpan(a), primarySpan(b)];
    if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
    if (left.source !== right.source) return left.source < right.source ? -1 : 1;
    return left.start - right.start;
  });
}
