import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';
import type { SetScores } from './scores.ts';

/** Writes what the sets' tests say of their cases into one file, and says which sets said nothing. */
export class ScoresReporter implements Reporter {
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const scores: Record<string, SetScores> = {};
    for (const module of modules) {
      for (const test of module.children.allTests()) Object.assign(scores, test.meta().scores);
    }
    writeFileSync(this.file, `${JSON.stringify(scores, undefined, 1)}\n`);
    console.log(`scores of ${Object.keys(scores).length} sets: ${this.file}`);
  }
}
