import { type Clock, compilePipeline, type Row } from '../engines/memory/index.ts';
import { pipeline } from '../engines/pipeline.ts';
import type { Plan } from '../ir/plan/plan.ts';
import { bindingOf } from '../logs/binding.ts';
import type { LogType, Shape } from '../logs/log-type.ts';

/** A row-local pipeline, bound to records of one log type in one shape. */
export interface BoundFeed {
  /** As it is written: its operators stand one to one. */
  readonly bound: Plan;
  /** What becomes of a row, as a run has it. */
  through(row: Row): readonly Row[];
}

/** Pipelines that are asked of many records are bound and compiled once. */
export class BoundFeeds {
  private readonly clock: Clock;
  private readonly known = new Map<Plan, Map<LogType, Map<Shape, BoundFeed>>>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  of(plan: Plan, type: LogType, shape: Shape): BoundFeed {
    const byType = this.known.get(plan) ?? new Map<LogType, Map<Shape, BoundFeed>>();
    const byShape = byType.get(type) ?? new Map<Shape, BoundFeed>();
    const found = byShape.get(shape) ?? this.made(plan, type, shape);
    this.known.set(plan, byType.set(type, byShape.set(shape, found)));
    return found;
  }

  private made(plan: Plan, type: LogType, shape: Shape): BoundFeed {
    const binding = bindingOf(type, shape);
    return {
      bound: pipeline.bound(plan, binding),
      through: compilePipeline(pipeline.residual(plan, binding), this.clock),
    };
  }
}
