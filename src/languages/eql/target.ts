import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { Span } from '../../base/span.ts';
import { and, call, field, literalOf, text } from '../../ir/construct.ts';
import type { Collation, Expr } from '../../ir/expr.ts';
import type { FieldMapping, Schema } from '../../ir/view.ts';
import type { EqlField } from './ast.ts';
import { type EqlType, eqlTypeOf } from './types.ts';

/** A field that a query reads. */
export interface EqlTarget {
  /** As the query calls it. */
  readonly name: string;
  readonly type: EqlType;
  readonly subject: Expr;
  readonly collation: Collation;
  readonly span: Span;
  /** No index has it: it is null. */
  readonly absent?: true;
}

/** The fields of a schema. */
export class EqlFields {
  private readonly schema: Schema;
  /** Whether the schema is the mapping of an index, and a field that it lacks a mistake. */
  private readonly isMapping: boolean;
  private readonly report: (found: Diagnostic) => void;

  constructor(schema: Schema, isMapping: boolean, report: (found: Diagnostic) => void) {
    this.schema = schema;
    this.isMapping = isMapping;
    this.report = report;
  }

  target({ name, optional, span }: EqlField): EqlTarget {
    const type = this.schema.typeOf(name);
    if (type === undefined && this.isMapping) {
      if (!optional) {
        const suggestions = didYouMean(name, this.schema.fieldNames() ?? []);
        this.report(diagnostic('eql/unknown-field', { field: name, suggestions }, span));
      }
      return { name, type: 'null', subject: literalOf(null), collation: 'exact', span, absent: true };
    }
    const other = this.schema.multiFieldOf?.(name);
    const real = other?.field ?? name;
    const mapping = this.schema.mappingOf?.(real);
    if (this.isMapping && (type === 'text' || type === 'match_only_text') && mapping?.exact !== true) {
      this.report(diagnostic('eql/no-exact-values', { field: name, type }, span));
    }
    const eqlType = eqlTypeOf(type);
    if (eqlType === 'object') {
      const expected = 'a field with values of its own';
      this.report(diagnostic('eql/wrong-type', { what: `\`${name}\``, expected, found: `${type}` }, span));
    }
    return {
      name,
      type: eqlType,
      subject: read(real, mapping, span),
      collation: other?.ignoreCase === true ? 'ignore-case' : 'exact',
      span,
    };
  }
}

/** The values of a field as the index has them. */
function read(name: string, mapping: FieldMapping | undefined, span: Span): Expr {
  const written = field(name, span);
  const { nullValue, format } = mapping ?? {};
  const given: Expr =
    nullValue === undefined
      ? written
      : {
          kind: 'cond',
          branches: [
            {
              when: and([
                { kind: 'exists', subject: written, counts: 'present' },
                { kind: 'is-null', subject: written },
              ]),
              then: literalOf(nullValue),
            },
          ],
          otherwise: written,
          span,
        };
  return format === undefined ? given : call('eql.date', [given, text(format)], span);
}
