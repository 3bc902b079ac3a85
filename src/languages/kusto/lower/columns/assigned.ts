import { diagnostic } from '../../../../base/diagnostic.ts';
import { field } from '../../../../ir/construct.ts';
import type { NamedExpr, Plan } from '../../../../ir/plan/plan.ts';
import type { Assignment } from '../../ast/index.ts';
import type { Column, Columns, Environment, Tuple } from '../scope.ts';
import { lowerExpression } from '../values/expression.ts';
import { freeName, nameOf, numberedName, partsOf } from './naming.ts';

/** Names and values of the columns that an operator makes. */
export class Assigned {
  private readonly input: Columns;
  private readonly environment: Environment;
  private readonly made: (Column & NamedExpr)[] = [];
  private readonly used = new Set<string>();
  /** Calls that give several values: they are made once, below. */
  private readonly tuples: NamedExpr[] = [];

  /** `input`: the columns that there are already. */
  constructor(input: Columns, environment: Environment) {
    this.input = input;
    this.environment = environment;
  }

  all(nodes: readonly Assignment[]): readonly (Column & NamedExpr)[] {
    for (const node of nodes) this.one(node);
    return this.made;
  }

  /** The input, with what the columns read of it. */
  below(input: Plan): Plan {
    return this.tuples.length === 0 ? input : { kind: 'extend', input, columns: this.tuples };
  }

  private one(node: Assignment): void {
    const { names, value } = node;
    const lowered = lowerExpression(value, this.environment);
    if (lowered.tuple !== undefined) {
      this.tuple(node, lowered.tuple);
      return;
    }
    if (names.length > 1) {
      const params = { expected: 'a function that gives several values', found: 'one value' };
      if (lowered.type !== 'unknown')
        this.environment.context.report(diagnostic('kusto/expected-type', params, value.span));
      for (const { text: name } of names) this.add(name, { ...lowered, type: 'unknown' });
      return;
    }
    const given = names[0]?.text ?? (value.kind === 'name' ? value.name : undefined);
    this.explicit(given, node);
    const derived = given ?? nameOf(value);
    const name =
      derived === undefined
        ? numberedName((one) => this.input.has(one) || this.used.has(one))
        : freeName(derived, (one) => this.used.has(one));
    this.add(name, lowered);
  }

  private tuple(node: Assignment, { expr, parts }: Tuple): void {
    const hidden = `$tuple${this.tuples.length}`;
    this.tuples.push({ name: hidden, expr });
    if (node.names.length > parts.length) {
      const params = { name: 'this', expected: `at most ${parts.length} names`, found: node.names.length };
      this.environment.context.report(diagnostic('kusto/argument-count', params, node.span));
    }
    for (const { text } of node.names) this.explicit(text, node);
    for (const part of partsOf({ expr: field(hidden), parts }, node))
      this.add(
        freeName(part.name, (one) => this.used.has(one)),
        part,
      );
  }

  private explicit(name: string | undefined, node: Assignment): void {
    if (name === undefined || !this.used.has(name)) return;
    this.environment.context.report(diagnostic('kusto/duplicate-column', { name }, node.span));
  }

  private add(name: string, { expr, type }: { readonly expr: NamedExpr['expr']; readonly type: Column['type'] }): void {
    this.used.add(name);
    this.made.push({ name, type, expr });
  }
}
