import { basename } from 'node:path';
import { stringifyJson } from '../base/json.ts';
import type { Explanation } from '../engines/memory/explain.ts';
import type { PythonTrace } from '../engines/python/index.ts';
import type { Rule } from '../ir/rule/rule.ts';

/** A Python rule's trace as an explanation: what was read, what was called, where it returned. */
export function traceExplanation(rule: Rule, trace: PythonTrace): Explanation {
  if (trace.filtered) {
    return { verdict: false, text: 'the inline filters of the rule keep the event out', children: [], span: rule.span };
  }
  const verdict = trace.output === undefined ? null : trace.matched;
  const children: Explanation[] = [
    ...trace.reads.map(
      (read): Explanation => ({
        verdict,
        text: `event field ${read.field}`,
        field: read.field,
        actual: read.value,
        children: [],
      }),
    ),
    ...trace.calls.map(
      (call): Explanation => ({
        verdict: typeof call.value === 'boolean' ? call.value : null,
        text: `${call.function}() ${call.value === undefined ? 'raised' : `returned ${stringifyJson(call.value)}`}`,
        derivation: `${basename(call.file)}:${call.line}`,
        children: [],
      }),
    ),
    ...trace.diagnostics.map((found): Explanation => ({ verdict: null, text: found.message, children: [] })),
  ];
  return { verdict, text: conclusion(trace), children, span: rule.span };
}

function conclusion({ output, returned }: PythonTrace): string {
  if (output === undefined) return 'rule() did not return';
  const value = output ? 'True' : 'False';
  if (returned === undefined) return `rule() returned ${value}`;
  return `rule() returned ${value} at ${basename(returned.file)}:${returned.line}: ${returned.text.trim()}`;
}
