import { dynamicFunctions } from './dynamic.ts';
import { logicFunctions } from './logic.ts';
import { netFunctions } from './net.ts';
import { numberFunctions } from './number.ts';
import type { ScalarFunction } from './parameter.ts';
import { seriesFunctions } from './series.ts';
import { textFunctions } from './text.ts';
import { timeFunctions } from './time.ts';

const rows: ReadonlyMap<string, ScalarFunction> = new Map(
  Object.entries({
    ...logicFunctions,
    ...textFunctions,
    ...timeFunctions,
    ...numberFunctions,
    ...dynamicFunctions,
    ...netFunctions,
    ...seriesFunctions,
  }),
);

/** The row of a function that can be lowered. */
export function scalarFunction(name: string): ScalarFunction | undefined {
  return rows.get(name);
}

export function scalarFunctionNames(): Iterable<string> {
  return rows.keys();
}
