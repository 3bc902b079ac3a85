import type { ValueType } from '../../types.ts';
import type { ParameterType, Signature } from '../signature.ts';

/** A row of the registry; parameters are written as words, with `?` for optional and `*` for repeated ones. */
export function kustoRow(
  parameters: string,
  result: ValueType | 'scalar',
  doc: string,
  propagatesNull = false,
): Signature {
  const words = parameters.split(' ').filter((word) => word !== '');
  const optional = words.filter((word) => word.endsWith('?')).length;
  return {
    parameters: words.map((word) => word.replace(/[?*]$/, '') as ParameterType),
    ...(words.at(-1)?.endsWith('*') === true && { rest: true }),
    ...(optional > 0 && { optional }),
    result,
    nulls: propagatesNull ? 'propagate' : 'handled',
    doc,
  };
}
