import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import type { PythonModule, PythonProgram } from '../../ir/rule/python.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import type { PythonLine } from './result.ts';

/** An error as the harness describes it. */
export interface HarnessError {
  readonly kind: 'exception' | 'timeout' | 'memory' | 'return-type' | 'no-function' | 'syntax' | 'import' | 'suspended';
  readonly type: string;
  readonly text: string;
  readonly frames: readonly { readonly file: string; readonly line: number; readonly function: string }[];
  readonly function?: string;
  readonly expected?: string;
  readonly found?: string;
  readonly module?: string;
}

export interface RunLimits {
  readonly timeLimitMs: number;
  readonly loadLimitMs: number;
  readonly mostStops: number;
}

/** The modules of a rule and of its bundle, by file. */
function modulesOf(logic: PythonProgram): readonly PythonModule[] {
  const models = logic.bundle.dataModels.flatMap((model) => (model.module === undefined ? [] : [model.module]));
  return [logic.module, ...logic.bundle.modules, ...models];
}

/** A line of a module, without indentation. */
export function lineOf(logic: PythonProgram, file: string, line: number): PythonLine {
  const code = modulesOf(logic).find((module) => module.file === file)?.code;
  return { file, line, text: code?.split('\n')[line - 1]?.trim() ?? '' };
}

/** The place of a line in its file, without indentation; undefined where the file is none of the rule's. */
export function lineSpan(modules: readonly PythonModule[], file: string, line: number): Span | undefined {
  const code = modules.find((module) => module.file === file)?.code;
  if (code === undefined) return undefined;
  let start = 0;
  for (let at = 1; at < line; at += 1) {
    const end = code.indexOf('\n', start);
    if (end === -1) break;
    start = end + 1;
  }
  const found = code.indexOf('\n', start);
  const text = code.slice(start, found === -1 ? code.length : found);
  const indent = text.length - text.trimStart().length;
  return { source: file, start: start + indent, end: start + Math.max(indent, text.trimEnd().length) };
}

/**
 * Makes the diagnostic of an error. It points at the deepest line in the rule's own file that the error passed; where it
 * arose in a shared module, that line is told too. `loading`: it happened while the module was loaded.
 */
export function explainError(
  rule: Rule,
  logic: PythonProgram,
  found: HarnessError,
  stage: 'loading' | 'running' | 'output',
  limits: RunLimits,
): Diagnostic {
  const modules = modulesOf(logic);
  const known = found.frames.filter((frame) => modules.some((module) => module.file === frame.file));
  const own = known.findLast((frame) => frame.file === logic.module.file);
  const deepest = known.at(-1);
  const main = own ?? deepest;
  const span = (main && lineSpan(modules, main.file, main.line)) ?? rule.span;
  const inner = deepest !== undefined && deepest !== main ? lineSpan(modules, deepest.file, deepest.line) : undefined;
  const extra =
    inner === undefined || deepest === undefined
      ? {}
      : { context: [{ span: inner, text: deepest.function === '' ? 'here' : `raised here, in ${deepest.function}` }] };
  const id = rule.id;
  switch (found.kind) {
    case 'timeout':
      return diagnostic(
        'python/timeout',
        { rule: id, milliseconds: stage === 'loading' ? limits.loadLimitMs : limits.timeLimitMs },
        span,
        extra,
      );
    case 'memory':
      return diagnostic('python/memory', { rule: id }, span, extra);
    case 'suspended':
      return diagnostic('python/suspended', { rule: id, times: limits.mostStops }, rule.span);
    case 'no-function':
      return diagnostic('python/no-function', { rule: id, function: found.function ?? '' }, rule.span);
    case 'syntax':
      return diagnostic('python/syntax', { rule: id, reason: found.text }, span, extra);
    case 'return-type':
    case 'import':
    case 'exception':
      break;
  }
  const error = found.type;
  const reason = found.text;
  const at = found.function ?? '';
  if (stage === 'output')
    return diagnostic('python/output', { rule: id, function: at, error, reason: outputReason(found) }, span, extra);
  if (found.kind === 'return-type') {
    const params = { rule: id, function: at, expected: found.expected ?? '', found: found.found ?? '' };
    return diagnostic('python/return-type', params, functionSpan(logic.module, at) ?? span);
  }
  if (found.kind === 'import') {
    return diagnostic('python/import', { rule: id, module: found.module ?? '', reason }, span, extra);
  }
  if (stage === 'loading') return diagnostic('python/load', { rule: id, error, reason }, span, extra);
  return diagnostic('python/exception', { rule: id, error, reason }, span, extra);
}

function outputReason(found: HarnessError): string {
  return found.kind === 'return-type'
    ? `it must return ${found.expected ?? ''}, it returned ${found.found ?? ''}`
    : found.text;
}

/** Where a function of a module is defined. */
function functionSpan(module: PythonModule, name: string): Span | undefined {
  const at = module.code.search(new RegExp(`^def ${name}\\b`, 'm'));
  if (at === -1) return undefined;
  return { source: module.file, start: at, end: at + `def ${name}`.length };
}
