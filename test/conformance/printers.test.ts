import { readFileSync } from 'node:fs';
import { globSync } from 'tinyglobby';
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { afterAll, describe, expect, test } from 'vitest';
import { sourceText } from '../../src/base/source-text.ts';
import { readYaml } from '../../src/formats/source/yaml-source.ts';
import { parseKuery, printKuery } from '../../src/languages/kuery/index.ts';
import { parseKusto, printKusto } from '../../src/languages/kusto/index.ts';
import type { Detection, ValueTree } from '../../src/languages/sigma/ast.ts';
import { parseCondition } from '../../src/languages/sigma/condition-parser.ts';
import { printParsedCondition } from '../../src/languages/sigma/print.ts';
import { printDetections } from '../../src/languages/sigma/print-detection.ts';
import { readDetection } from '../../src/languages/sigma/read-detection.ts';
import { withoutPlaces } from '../without-places.ts';
import { corpora, openTree } from './tree.ts';

/**
 * What a language prints of a syntax tree is read as that tree, on every query of the corpora that is read without errors.
 * Kuery's own cases are with the set `elastic/kql`, Python's with `python-ast`.
 */
const tree = openTree(corpora);
afterAll(() => tree.close());

interface Printed {
  readonly printed: string;
  /** Whether the printed text is read without errors, as the same tree. */
  readonly same: boolean;
}

function expectAll(name: string, results: readonly (Printed | undefined)[]): void {
  const read = results.filter((result) => result !== undefined);
  console.log(`${name}: ${results.length} texts, ${read.length} read`);
  expect(read.filter(({ same }) => !same).map(({ printed }) => printed)).toEqual([]);
  expect(read.length).toBeGreaterThanOrEqual(0.97 * results.length);
}

const isSame = (a: unknown, b: unknown): boolean =>
  JSON.stringify(withoutPlaces(a)) === JSON.stringify(withoutPlaces(b));

function kusto(query: string): Printed | undefined {
  const first = parseKusto(sourceText('q', query));
  if (first.diagnostics.length > 0) return undefined;
  const printed = printKusto(first.ast);
  const again = parseKusto(sourceText('q', printed));
  return { printed, same: again.diagnostics.length === 0 && isSame(first.ast.statements, again.ast.statements) };
}

function kuery(query: string): Printed | undefined {
  const first = parseKuery(sourceText('q', query));
  if (first.diagnostics.length > 0) return undefined;
  const printed = printKuery(first.ast);
  const again = parseKuery(sourceText('q', printed));
  return { printed, same: again.diagnostics.length === 0 && isSame(first.ast, again.ast) };
}

function condition(text: string): Printed | undefined {
  const first = parseCondition(sourceText('q', text));
  if (first.diagnostics.length > 0) return undefined;
  const printed = printParsedCondition(first);
  const again = parseCondition(sourceText('q', printed));
  const same = isSame([first.condition, first.aggregation], [again.condition, again.aggregation]);
  return { printed, same: again.diagnostics.length === 0 && same };
}

/** The detections of a rule by their names; undefined where one of them is read with errors. */
function detectionsOf(section: ValueTree): ReadonlyMap<string, Detection> | undefined {
  let isSound = true;
  const read = section.entries().flatMap(({ key, value }) => {
    if (key === 'condition' || key === 'timeframe') return [];
    const detection = readDetection(value, () => {
      isSound = false;
    });
    return detection === undefined ? [] : [[key, detection] as const];
  });
  return isSound ? new Map(read) : undefined;
}

/** A tree of detections, each value by its kind and as the file writes it. */
function plainDetection(detection: Detection): unknown {
  if (detection.kind !== 'item') return [detection.kind, detection.items.map(plainDetection)];
  const { field, modifiers, values } = detection;
  const written = values.map((value) => [
    value.kind,
    String(value.kind === 'number' ? value.written() : value.scalar()),
  ]);
  return [field, modifiers.map(({ name }) => name), written];
}

function detectionSection(section: ValueTree): Printed | undefined {
  const first = detectionsOf(section);
  if (first === undefined) return undefined;
  const printed =
    printDetections(first) ??
    `not printed: ${JSON.stringify([...first].map(([name, one]) => [name, plainDetection(one)]))}`;
  const [document] = readYaml(sourceText('d', printed)).documents;
  const again = document && detectionsOf(document);
  const plain = (all: typeof again): unknown => all && [...all].map(([name, one]) => [name, plainDetection(one)]);
  return { printed, same: again !== undefined && isSame(plain(first), plain(again)) };
}

function filesOf(archive: string, pattern: string): readonly string[] {
  const home = tree.unpack(archive);
  return home === undefined ? [] : globSync(pattern, { cwd: home, absolute: true }).sort();
}

describe.each([
  ['kusto-docs/cases.json', 'query'],
  ['kusto-engine/cases.json', 'kql'],
  ['kusto-rules/feature-use.json', 'query'],
])('Kusto, %s', (path, key) => {
  const file = tree.find(path);
  test.skipIf(file === undefined)('is printed as what is read as the same tree', () => {
    const cases: readonly Readonly<Record<string, string>>[] = JSON.parse(readFileSync(file ?? '', 'utf8'));
    expectAll(
      path,
      cases.map((one) => kusto(one[key] ?? '')),
    );
  });
});

describe('kuery, elastic/detection-rules', () => {
  const archive = 'elastic/detection-rules.tar.gz';
  test.skipIf(tree.find(archive) === undefined)('is printed as what is read as the same tree', () => {
    const queries = filesOf(archive, '**/*.toml').flatMap((path) => {
      const text = readFileSync(path, 'utf8');
      const { rule } = getStaticTOMLValue(parseTOML(text)) as { rule?: { language?: string; query?: string } };
      return rule?.language === 'kuery' && rule.query !== undefined ? [rule.query] : [];
    });
    expectAll(archive, queries.map(kuery));
  });
});

describe('Sigma conditions, SigmaHQ', () => {
  const archive = 'sigma/sigmahq-rules.tar.gz';
  test.skipIf(tree.find(archive) === undefined)('are printed as what is read as the same condition', () => {
    const conditions = filesOf(archive, '**/*.yml').flatMap((path) => {
      const { documents } = readYaml(sourceText(path, readFileSync(path, 'utf8')));
      return documents.flatMap((document) => {
        const found = document.get('detection')?.get('condition');
        const all = found?.asList() ?? [found];
        return all.map((one) => one?.scalar()).filter((one) => typeof one === 'string');
      });
    });
    expectAll(archive, conditions.map(condition));
  });
});

describe('Sigma detections, SigmaHQ', () => {
  const archive = 'sigma/sigmahq-rules.tar.gz';
  test.skipIf(tree.find(archive) === undefined)('are printed as what is read as the same detections', () => {
    const sections = filesOf(archive, '**/*.yml').flatMap((path) =>
      readYaml(sourceText(path, readFileSync(path, 'utf8'))).documents.flatMap(
        (document) => document.get('detection') ?? [],
      ),
    );
    expectAll(`${archive}, detections`, sections.map(detectionSection));
  });
});
