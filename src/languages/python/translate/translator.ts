import type { Expression, Stmt } from '../ast.ts';
import { Context, type Ending, MOST_OUTCOMES, type Translator } from './context.ts';
import type { ModuleScope } from './module-scope.ts';
import { runBlock } from './syntax/block.ts';
import { evaluateNode } from './syntax/expressions.ts';
import { applyValue } from './syntax/functions.ts';
import { nameOfModule } from './syntax/names.ts';
import { truthOfNode, truthOfOutcomes, truthOfValue } from './syntax/truth.ts';
import type { Env, Outcomes, Pair, PyValue } from './values/value.ts';

/**
 * Evaluates Python on an event that is not known: every value is a set of alternatives under conditions on the record.
 * What is not understood is noted, and stands for anything at all: then the conditions are only necessary.
 */
export class RuleTranslator extends Context implements Translator {
  evaluate(node: Expression, env: Env): Outcomes {
    this.step();
    this.at(node, env);
    const found = this.merged(evaluateNode(node, env, this));
    if (found.length === 0) this.raise(failure(node), node, env);
    return found.length > MOST_OUTCOMES ? this.note('too many alternatives', node) : found;
  }

  truth(node: Expression, env: Env): Pair {
    return truthOfNode(node, env, this);
  }

  truthOf(outcomes: Outcomes): Pair {
    return truthOfOutcomes(outcomes, this);
  }

  truthOfValue(value: PyValue): Pair {
    return truthOfValue(value, this);
  }

  ofModule(id: string, module: ModuleScope, node: Expression | undefined): Outcomes {
    return nameOfModule(id, module, node, this);
  }

  apply(
    callee: PyValue,
    args: readonly Outcomes[],
    keywords: ReadonlyMap<string, Outcomes>,
    node: Expression | undefined,
  ): Outcomes {
    return applyValue(callee, args, keywords, node, this);
  }

  run(body: readonly Stmt[], env: Env): Ending {
    return runBlock(body, env, this);
  }
}

/** Why an expression that gives nothing raises. */
function failure(node: Expression): string {
  switch (node.kind) {
    case 'Attribute':
      return `what stands there has no attribute \`${node.attr}\``;
    case 'Name':
      return `\`${node.id}\` is not set`;
    case 'Subscript':
      return 'there is no such item';
    case 'Call':
      return 'this call cannot succeed';
    case 'BinOp':
      return 'these cannot be combined';
    case 'Compare':
      return 'these cannot be compared';
    default:
      return 'this cannot be worked out';
  }
}
