import type { TestResult } from '../../index.ts';
import { attribute } from './xml.ts';

/** Test results in the XML that build servers read: one suite for each rule. */
export function junitXml(results: readonly TestResult[]): string {
  const suites = new Map<string, TestResult[]>();
  for (const result of results) {
    const key = `${result.rule.file}\0${result.rule.id}`;
    suites.set(key, [...(suites.get(key) ?? []), result]);
  }
  const totals = (of: readonly TestResult[]): string =>
    `tests="${of.length}" failures="${countOf(of, 'failed')}" errors="0" skipped="${countOf(of, 'skipped')}"`;
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites name="dragoman" ${totals(results)}>`];
  for (const suite of suites.values()) {
    const rule = suite[0]?.rule;
    if (rule === undefined) continue;
    lines.push(`  <testsuite name="${attribute(rule.id)}" file="${attribute(rule.file)}" ${totals(suite)}>`);
    for (const { name, status, message, file, diagnostics = [] } of suite) {
      const start = `    <testcase classname="${attribute(rule.id)}" name="${attribute(name)}" file="${attribute(file)}"`;
      if (status === 'passed') {
        lines.push(`${start}/>`);
        continue;
      }
      const kind = status === 'failed' ? 'failure' : 'skipped';
      // The message stands in the attribute; whatever else is known is the element's text.
      const more = diagnostics.map((found) => attribute(`${found.code}: ${found.message}`)).join('\n');
      const said = `      <${kind} message="${attribute(message ?? status)}"`;
      lines.push(`${start}>`, more === '' ? `${said}/>` : `${said}>${more}</${kind}>`, '    </testcase>');
    }
    lines.push('  </testsuite>');
  }
  lines.push('</testsuites>');
  return lines.join('\n');
}

function countOf(results: readonly TestResult[], status: TestResult['status']): number {
  return results.filter((result) => result.status === status).length;
}
