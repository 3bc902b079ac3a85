import type { DecodedBatch } from '../../src/logs/decode/batch.ts';
import type { Target } from '../engine/target.ts';
import { holdDecoded, type LogFunctions, logFunctions } from './log-oracle.ts';
import { type TargetParts, targetOf } from './target-of.ts';

/** A target of logs of some forms. `also`: what must hold beyond what does of every log. */
export function logTargetOf(
  parts: Omit<TargetParts<LogFunctions>, 'functions' | 'planted' | 'check'> & {
    readonly planted: LogFunctions;
    readonly also?: (input: Buffer, whole: DecodedBatch, functions: LogFunctions) => void;
  },
): Target {
  const { planted, also, ...own } = parts;
  return targetOf({
    short: 250,
    ...own,
    functions: logFunctions,
    planted: () => planted,
    check(input, functions) {
      const whole = holdDecoded(input, functions);
      also?.(input, whole, functions);
    },
  });
}
