import type { Bound, Expr, Field, Pattern, PlanColumn, Way, WildcardPart } from '../expr.ts';

/** One canonical S-expression of an expression: what tests compare and `show` prints. */
export function printExpr(expr: Expr): string {
  switch (expr.kind) {
    case 'literal':
      return expr.type === 'string' || expr.type === 'bool' || expr.value === null
        ? JSON.stringify(expr.value)
        : `(${expr.type} ${expr.value})`;
    case 'missing':
      return 'missing';
    case 'list':
      return `[${expr.items.map(printExpr).join(' ')}]`;
    case 'field':
      return printField(expr);
    case 'raw':
      return `${expr.of === undefined ? '' : expr.of}$${expr.paths.map(printPath).join('|')}${printWay(expr)}`;
    case 'column':
      return `@${expr.name}`;
    case 'leaves':
      return expr.name === null ? '(leaves)' : `(leaves ${printWildcard(expr.name)})`;
    case 'call':
      return `(${[expr.fn, ...expr.args.map(printExpr)].join(' ')})`;
    case 'cond':
      return `(cond ${expr.branches.map((branch) => `${printExpr(branch.when)} ${printExpr(branch.then)}`).join(' ')} ${printExpr(expr.otherwise)})`;
    case 'and':
    case 'or':
      return `(${expr.kind} ${expr.items.map(printExpr).join(' ')})`;
    case 'not':
      return `(not ${printExpr(expr.item)})`;
    case 'at-least':
      return `(at-least ${expr.count}${expr.most === undefined ? '' : ` most ${expr.most}`} ${expr.of.map(printExpr).join(' ')})`;
    case 'exists':
      return `(exists ${expr.counts === 'present' ? 'present ' : ''}${printExpr(expr.subject)})`;
    case 'is-null':
      return `(is-null ${printExpr(expr.subject)})`;
    case 'compare':
      return `(${[expr.op, ...(expr.nulls === 'total' ? ['total'] : []), ...(expr.many === 'whole' ? [] : [`many-${expr.many}`])].join(' ')} ${printExpr(expr.left)} ${printExpr(expr.right)})`;
    case 'match': {
      const notes = [
        expr.collation,
        ...(expr.quantifier === 'any' ? [] : [expr.quantifier]),
        ...(expr.onMissing === 'false' ? [] : ['null-on-missing']),
      ];
      return `(match ${printExpr(expr.subject)} ${notes.join(' ')} ${printPattern(expr.pattern)})`;
    }
    case 'quantified':
      return `(${expr.how} ${expr.variable}${expr.index === undefined ? '' : `#${expr.index}`} ${printExpr(expr.over)} ${printExpr(expr.body)}${expr.until === undefined ? '' : ` until ${printExpr(expr.until)}`})`;
    case 'let':
      return `(let ${expr.variable} ${printExpr(expr.value)} ${printExpr(expr.body)})`;
    case 'in-plan': {
      const notes = [expr.collation, ...(expr.nulls === 'total' ? ['total'] : [])];
      return `(in-plan ${printExpr(expr.subject)} ${notes.join(' ')} ${printPlanColumn(expr.plan)})`;
    }
    case 'scalar-of':
      return `(scalar-of ${printPlanColumn(expr.plan)})`;
  }
}

const WAYS: Record<Way['keys'], Record<Way['arrays'], string>> = {
  exact: { each: '', strict: '!' },
  'ignore-case': { each: '~*', strict: '~' },
};

function printWay({ keys, arrays }: Way): string {
  return WAYS[keys][arrays];
}

function printPlanColumn({ name, column }: PlanColumn): string {
  return `${name}.${column}`;
}

export function printPattern(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'equals':
      return `equals ${JSON.stringify(pattern.value)}`;
    case 'one-of':
      return `one-of [${pattern.values.map((value) => JSON.stringify(value)).join(' ')}]`;
    case 'prefix':
    case 'suffix':
    case 'contains':
      return `${pattern.kind} ${JSON.stringify(pattern.text)}`;
    case 'wildcard':
      return `wildcard ${printWildcard(pattern.parts)}`;
    case 'regex':
      return `regex ${pattern.flavour}${pattern.anchored ? ' anchored' : ''}${pattern.flags === '' ? '' : ` ${pattern.flags}`} ${JSON.stringify(pattern.source)}`;
    case 'cidr':
      return `cidr ${pattern.network}`;
    case 'range':
      return `range ${[printBound('>', pattern.low), printBound('<', pattern.high)].filter((bound) => bound !== '').join(' ')}`;
    case 'term':
      return `term ${pattern.ends === 'both' ? '' : `${pattern.ends} `}${JSON.stringify(pattern.text)}`;
    case 'analysed':
      return `analysed ${pattern.analyzer === undefined ? '' : `${pattern.analyzer} `}${pattern.mode} ${JSON.stringify(pattern.text)}`;
    case 'token-wildcard':
      return `token-wildcard ${pattern.analyzer === undefined ? '' : `${pattern.analyzer} `}${printWildcard(pattern.parts)}`;
  }
}

/** A wildcard in one notation: `*`, `?`, and a backslash before each of the three in text. */
export function printWildcard(parts: readonly WildcardPart[]): string {
  const inner = parts.map((part) => {
    if ('text' in part) return part.text.replace(/[\\*?]/g, (special) => `\\${special}`);
    return part.any === 'many' ? '*' : '?';
  });
  return JSON.stringify(inner.join(''));
}

function printBound(sign: '<' | '>', bound: Bound | undefined): string {
  return bound === undefined ? '' : `${sign}${bound.inclusive ? '=' : ''} ${JSON.stringify(bound.value)}`;
}

/** A field by its steps is read with keys in any case unless it says otherwise. */
function printField(field: Field): string {
  const { name, path, of } = field;
  if (path?.length === 0) return of ?? '(event)';
  const place =
    path === undefined ? `${name}${printWay(field)}` : `${printPath(path)}${printWay(field).replace('~', '')}`;
  return `${of === undefined ? '' : `${of}/`}${place}`;
}

/** Steps by dots; a step that holds a dot itself in quotes. */
function printPath(path: readonly string[]): string {
  return path.map((step) => (/[.|"\s]/.test(step) ? JSON.stringify(step) : step)).join('.');
}
