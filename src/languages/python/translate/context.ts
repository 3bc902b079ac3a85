import { TRUE } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { DataModel, PythonBundle } from '../../../ir/rule/python.ts';
import type { Expression, Stmt } from '../ast.ts';
import { TooLarge } from './conditions/logic.ts';
import type { ModuleScope } from './module-scope.ts';
import { OutcomeLogic } from './values/outcomes.ts';
import { type Env, type Outcomes, type Pair, type PyValue, sure, UNKNOWN } from './values/value.ts';

/** Something that was not understood, or that raises, and where. */
export interface Note {
  readonly reason: string;
  readonly source: string;
  readonly start: number;
  readonly end: number;
}

/** How a block ends: by a return, at its end (`falls`), or out of the loop around it. Else it raises. */
export interface Ending {
  readonly returns: Outcomes;
  readonly falls: Expr;
  readonly env: Env;
  readonly breaks: readonly Leaving[];
  readonly continues: readonly Leaving[];
}

/** A way out of a block, and what the names are then. */
export interface Leaving {
  readonly cond: Expr;
  readonly env: Env;
}

/** What the parts of the translation ask each other for: each kind of syntax has a file, and they lead to one another. */
export interface Translator extends Context {
  evaluate(node: Expression, env: Env): Outcomes;
  /** The condition that an expression is true, and that it is false. */
  truth(node: Expression, env: Env): Pair;
  truthOf(outcomes: Outcomes): Pair;
  truthOfValue(value: PyValue): Pair;
  /** What a module's name stands for. */
  ofModule(id: string, module: ModuleScope, node: Expression | undefined): Outcomes;
  /** Calls a value. */
  apply(
    callee: PyValue,
    args: readonly Outcomes[],
    keywords: ReadonlyMap<string, Outcomes>,
    node: Expression | undefined,
  ): Outcomes;
  /** Runs the statements of a block, as far as the event lets them be known. */
  run(body: readonly Stmt[], env: Env): Ending;
}

/** Beyond this many alternatives a value is not followed any more. */
export const MOST_OUTCOMES = 24;
const MOST_STEPS = 60_000;
const MOST_CALLS = 24;
/** How many conditions may be folded on the way. */
export const MOST_WORK = 60_000;
/** How many parts may turn out too large, and how much work the rest may be after each. */
const MOST_REFILLS = 4;
const REFILL = 15_000;

/** What is known while one rule is translated for events of one log type: where it is, what was noted, what is left of its limits. */
export class Context extends OutcomeLogic {
  readonly notes: Note[] = [];
  /** Conditions under which something is done that outlives the call. */
  readonly effects: Expr[] = [];
  readonly logType: string;
  readonly bundle: PythonBundle;
  readonly model: DataModel | undefined;
  /** What raises on every event that comes to it, innermost first; `always`: every event does. */
  private readonly raises: (Note & { readonly always: boolean })[] = [];
  private readonly path: Expr[] = [];
  private steps = 0;
  private calls = 0;
  private refills = 0;
  private frames = 0;
  private loops = 0;
  private loopDepth = 0;
  private here: Omit<Note, 'reason'> = { source: '', start: 0, end: 0 };

  constructor(bundle: PythonBundle, logType: string) {
    super(MOST_WORK);
    this.bundle = bundle;
    this.logType = logType;
    this.model = bundle.dataModels.find((model) => model.enabled && model.logTypes.includes(logType));
  }

  /** Comes to an expression: what is noted without a place is noted here. */
  at({ start, end }: Expression, env: Env): void {
    this.here = { source: env.module.source.name, start, end };
  }

  /** Notes that something is not understood. */
  note(reason: string, node?: Expression): Outcomes {
    const place = node === undefined ? this.here : { ...this.here, start: node.start, end: node.end };
    this.notes.push({ reason, ...place });
    return sure(UNKNOWN);
  }

  /** Notes something whose effect is seen after the call. */
  effect(reason: string): Outcomes {
    this.effects.push(this.all(this.path));
    return this.note(reason);
  }

  /** Notes that nothing goes on from here. */
  raise(reason: string, { start, end }: Pick<Note, 'start' | 'end'>, { module }: Pick<Env, 'module'>): void {
    const always = this.loopDepth === 0 && this.path.every((cond) => cond === TRUE);
    this.raises.push({ reason, source: module.source.name, start, end, always });
  }

  firstRaise(): Note | undefined {
    return this.raises.find((each) => each.always) ?? this.raises[0];
  }

  /** Runs a part that is only reached under a condition. */
  under<T>(cond: Expr, run: () => T): T {
    if (this.loopDepth > 0) return run();
    this.path.push(cond);
    try {
      return run();
    } finally {
      this.path.pop();
    }
  }

  inLoop<T>(run: (variable: string) => T): T {
    this.loops += 1;
    this.loopDepth += 1;
    try {
      return run(`item${this.loops}`);
    } finally {
      this.loopDepth -= 1;
    }
  }

  /** Runs a part that may go on and on by calling itself. */
  nested<T>(run: () => T): T {
    const { here } = this;
    this.calls += 1;
    try {
      if (this.calls > MOST_CALLS) throw new TooLarge();
      return run();
    } finally {
      this.calls -= 1;
      this.here = here;
    }
  }

  /** A number for the names of another call. */
  newFrame(): number {
    this.frames += 1;
    return this.frames;
  }

  /** Runs a part; where it takes too much to follow, it is as if it were not understood. */
  attempt<T>(run: () => T, otherwise: () => T): T {
    try {
      return run();
    } catch (thrown) {
      if (!(thrown instanceof TooLarge) || this.refills >= MOST_REFILLS) throw thrown;
      this.refills += 1;
      this.steps = 0;
      this.refill(REFILL);
      return otherwise();
    }
  }

  step(): void {
    this.steps += 1;
    if (this.steps > MOST_STEPS) throw new TooLarge();
  }

  each(outcomes: Outcomes, run: (value: PyValue) => Outcomes): Outcomes {
    return this.merged(
      outcomes.flatMap(({ cond, value }) =>
        this.guard(
          cond,
          this.under(cond, () => run(value)),
        ),
      ),
    );
  }

  product(left: Outcomes, right: Outcomes, run: (a: PyValue, b: PyValue) => Outcomes): Outcomes {
    return this.each(left, (a) => this.each(right, (b) => run(a, b)));
  }
}
