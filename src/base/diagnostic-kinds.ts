import { type Diagnostic, diagnostic } from './diagnostic.ts';

/** So many of a kind are kept. */
const MOST_OF_A_KIND = 10;
/** Kinds are bounded too: places may come out of logs. */
const MOST_KINDS = 10_000;

interface Kind {
  readonly first: Diagnostic;
  readonly kept: Diagnostic[];
  more: number;
}

/**
 * Diagnostics of something that may fail a million times: of each kind (a code, for a rule at a place in it) the first few, and how
 * many there were beyond them.
 */
export class DiagnosticKinds {
  private readonly kinds = new Map<string, Kind>();
  private readonly most: number;
  private beyond = 0;

  constructor(most: number = MOST_OF_A_KIND) {
    this.most = most;
  }

  add(found: Diagnostic): void {
    const key = kindOf(found);
    const known = this.kinds.get(key);
    if (known === undefined) {
      if (this.kinds.size < MOST_KINDS) this.kinds.set(key, { first: found, kept: [found], more: 0 });
      else this.beyond += 1;
    } else if (known.kept.length < this.most) {
      known.kept.push(found);
    } else {
      known.more += 1;
    }
  }

  /** The first of each kind, how many more there are, then the others that were kept: what fails often hides nothing else. */
  all(): Diagnostic[] {
    const kinds = [...this.kinds.values()];
    const counted = kinds.flatMap(({ first, more }) => {
      if (more === 0) return [];
      const [label] = first.labels;
      return [diagnostic('run/more', { code: first.code, rule: ruleOf(first), count: more }, label?.span)];
    });
    const rest = this.beyond === 0 ? [] : [diagnostic('run/more', { code: 'other', rule: '', count: this.beyond })];
    return [...kinds.map(({ first }) => first), ...counted, ...rest, ...kinds.flatMap(({ kept }) => kept.slice(1))];
  }
}

function kindOf(found: Diagnostic): string {
  const [label] = found.labels;
  const place = label === undefined ? '' : `${label.span.source}\0${label.span.start}`;
  return `${found.code}\0${ruleOf(found)}\0${place}`;
}

function ruleOf({ params }: Diagnostic): string {
  const { rule } = params;
  return typeof rule === 'string' ? rule : '';
}
