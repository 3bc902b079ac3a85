import { type Diagnostic, primarySpan } from '../../../base/diagnostic.ts';
import type { SourceText } from '../../../base/source-text.ts';
import type { Span } from '../../../base/span.ts';
import type { Rule } from '../../../ir/rule/rule.ts';
import { checkSelectors } from './conditions.ts';
import { checkCorrelation } from './correlation.ts';
import { type Check, readDocuments, type SigmaDocument } from './document.ts';
import { lintDuplicateLogic } from './duplicate-logic.ts';
import { checkFields } from './fields.ts';
import { lintImplied } from './implied.ts';
import { checkLogSource, checkRedundantFields, checkSpecificSource } from './logsource.ts';
import {
  checkDates,
  checkDescription,
  checkFalsePositives,
  checkKeys,
  checkMetadata,
  checkReferences,
} from './metadata.ts';
import { checkModifiers } from './modifiers.ts';
import { checkNeverSeen } from './never-seen.ts';
import { lintRuleSet } from './rule-set.ts';
import {
  checkFieldsKey,
  checkFileName,
  checkFolderTag,
  checkRegressionPath,
  checkSimulation,
  checkStatus,
  checkTitle,
  checkTlpClear,
} from './sigmahq.ts';
import { checkTags } from './tags.ts';
import { checkListStyle, checkValueLists, checkValues } from './values.ts';

/** A repository whose conventions are looked at too. */
export type SigmaLintProfile = 'sigmahq';

export interface SigmaLintOptions {
  readonly profile?: SigmaLintProfile;
  /** The time that ages are told by, in milliseconds since 1970. */
  readonly now: number;
}

/** What holds for any Sigma rule. */
const CHECKS: readonly Check[] = [
  checkSelectors,
  checkModifiers,
  checkValues,
  checkValueLists,
  checkMetadata,
  checkKeys,
  checkDates,
  checkReferences,
  checkFalsePositives,
  checkDescription,
  checkTags,
  checkLogSource,
  checkSpecificSource,
  checkRedundantFields,
  checkFields,
  checkCorrelation,
  checkNeverSeen,
];

function sigmahqChecks(now: number): readonly Check[] {
  return [
    checkTitle,
    checkStatus(now),
    checkFieldsKey,
    checkFolderTag,
    checkTlpClear,
    checkFileName,
    checkListStyle,
    checkRegressionPath,
    checkSimulation,
  ];
}

/**
 * Everything that is suspicious in files of Sigma rules beyond what keeps a rule from running. `rules` are those of the
 * files that load.
 */
export function lintSigma(
  files: readonly SourceText[],
  rules: readonly Rule[],
  options: SigmaLintOptions,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const report = (one: Diagnostic): void => {
    found.push(one);
  };
  const checks = options.profile === undefined ? CHECKS : [...CHECKS, ...sigmahqChecks(options.now)];
  const documents: SigmaDocument[] = [];
  for (const file of files) {
    for (const document of readDocuments(file)) {
      for (const check of checks) check(document, report);
      documents.push(document);
    }
  }
  const doubled = new Set(found.filter((one) => one.code === 'sigma/duplicate-value').map(placeOf));
  for (const rule of rules) {
    // A value that stands twice is found already.
    found.push(...lintImplied(rule).filter((one) => !one.labels.some(({ span }) => doubled.has(keyOf(span)))));
  }
  return [...found, ...lintRuleSet(documents), ...lintDuplicateLogic(rules)];
}

function placeOf(found: Diagnostic): string {
  const span = primarySpan(found);
  return span === undefined ? '' : keyOf(span);
}

function keyOf(span: Span): string {
  return `${span.start} ${span.end} ${span.source}`;
}
