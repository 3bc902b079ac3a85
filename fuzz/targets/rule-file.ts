import { sourceText } from '../../src/base/source-text.ts';
import type { Format, LoadContext, LoadOutcome } from '../../src/formats/rule-file.ts';
import { printPlan } from '../../src/ir/print/print-plan.ts';
import { plansOf } from '../../src/ir/rule/rule.ts';
import type { SchemaName } from '../../src/ir/types.ts';
import type { Schema } from '../../src/ir/view.ts';
import { checkRule } from '../../src/rules/check-plans.ts';
import { ecsSchema } from '../../src/schemas/ecs.ts';
import { kustoSchema } from '../../src/schemas/kusto.ts';
import { pantherSchema } from '../../src/schemas/panther.ts';
import { sigmaSchema } from '../../src/schemas/sigma.ts';
import { hold } from '../engine/target.ts';
import { holdDiagnostics } from './oracles.ts';

const SCHEMAS: Readonly<Record<string, Schema>> = {
  ecs: ecsSchema,
  kusto: kustoSchema,
  panther: pantherSchema,
  sigma: sigmaSchema,
};

const schemaOf = (name: SchemaName): Schema =>
  SCHEMAS[name] ?? { name, typeOf: () => undefined, fieldNames: () => undefined };

/** A repository in memory, in which these files are. */
export function contextOf(files: Readonly<Record<string, string>>): LoadContext {
  return {
    readText: (path) => files[path],
    listFiles: (folder, extensions) =>
      Object.keys(files).filter((path) => path.startsWith(folder) && extensions.some((one) => path.endsWith(one))),
    schema: schemaOf,
  };
}

/**
 * What must hold of whatever a format makes of a file: a rule is loaded with a plan that is sound, or it is said why not; every place
 * that is named is one of the file.
 */
export function holdOutcomes(format: Format, path: string, text: string, context: LoadContext): readonly LoadOutcome[] {
  const outcomes = format.load({ path, source: sourceText(path, text) }, context) ?? [];
  hold(outcomes.length <= text.length + 1, 'there are more rules than characters');
  for (const outcome of outcomes) {
    holdDiagnostics(outcome.diagnostics, text, path);
    const hasError = outcome.diagnostics.some(({ severity }) => severity === 'error');
    switch (outcome.status) {
      case 'loaded': {
        hold(!hasError, () => `loaded in spite of ${outcome.diagnostics.map(({ message }) => message).join('; ')}`);
        holdDiagnostics(outcome.lint(), text, path);
        if (outcome.rule.logic.kind === 'plan') for (const plan of plansOf(outcome.rule.logic)) printPlan(plan);
        const wrong = checkRule(outcome.rule, schemaOf);
        hold(wrong.length === 0, () => `the plan is not sound: ${wrong.map(({ message }) => message).join('; ')}`);
        break;
      }
      case 'unsupported':
        hold(
          outcome.link !== undefined ||
            outcome.diagnostics.some(({ code }) => code.startsWith('unsupported/')) ||
            hasError,
          'it is not said what is not supported',
        );
        break;
      case 'invalid':
        hold(hasError, 'it is not said why the rule is invalid');
        break;
      case 'part':
        break;
    }
  }
  return outcomes;
}
