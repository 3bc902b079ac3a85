import type { LogType, Shape } from '../logs/log-type.ts';

/** Records of one log type in one shape. */
export interface SeenKind {
  readonly type: LogType;
  readonly shape: Shape;
  readonly records: number;
}

/** Counts records by what they are. */
export class SeenCounts {
  private readonly byType = new Map<LogType, Map<Shape, number>>();

  add(type: LogType, shape: Shape, records: number): void {
    const byShape = this.byType.get(type) ?? new Map<Shape, number>();
    this.byType.set(type, byShape);
    byShape.set(shape, (byShape.get(shape) ?? 0) + records);
  }

  kinds(): readonly SeenKind[] {
    return [...this.byType].flatMap(([type, byShape]) =>
      [...byShape].map(([shape, records]) => ({ type, shape, records })),
    );
  }
}
