import type { JsonObject } from '../../../base/json.ts';
import { leave } from './value.ts';

/** How much one call may cost: what takes long, or grows large, is left to Python and its limits. */
const MOST_WORK = 50_000;

/** One call of a rule's function: the event that it is about, and what it may still cost. */
export class Run {
  /** The event itself, which has methods that other maps do not have. */
  root: JsonObject | undefined;
  private left = 0;

  begin(root: JsonObject): void {
    this.root = root;
    this.left = MOST_WORK;
  }

  spend(work: number): void {
    this.left -= work;
    if (this.left < 0) leave('too much work');
  }
}
