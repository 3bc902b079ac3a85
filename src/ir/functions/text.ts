import { row, type Signature } from './signature.ts';

export type TextFunction = 'text.lower' | 'text.upper' | 'text.concat' | 'text.before-last' | 'text.after-last';

const EACH = { nulls: 'propagate', many: 'each' } as const;
const ONE = { nulls: 'propagate', many: 'null' } as const;

/** Over canonical texts: a map or an array has none. */
export const textFunctions: Record<TextFunction, Signature> = {
  'text.lower': row(
    { text: 'any' },
    'string',
    'The text in lower case.',
    [
      [['cmd.EXE'], 'cmd.exe'],
      [[['A', 'B']], ['a', 'b']],
      [[undefined], null],
    ],
    EACH,
  ),
  'text.upper': row(
    { text: 'any' },
    'string',
    'The text in upper case.',
    [
      [['cmd.EXE'], 'CMD.EXE'],
      [[['a', 'b']], ['A', 'B']],
    ],
    EACH,
  ),
  'text.concat': row(
    { 'text*': 'any' },
    'string',
    'The texts joined.',
    [
      [['a', 1, true], 'a1true'],
      [['a', null], null],
      [['a', ['b']], null],
    ],
    ONE,
  ),
  'text.before-last': row(
    { text: 'any', mark: 'any' },
    'string',
    'What stands before the last mark; missing without one.',
    [
      [['C:\\a\\b.exe', '\\'], 'C:\\a'],
      [['b.exe', '\\'], undefined],
    ],
    ONE,
  ),
  'text.after-last': row(
    { text: 'any', mark: 'any' },
    'string',
    'What follows the last mark; the whole text without one.',
    [
      [['C:\\a\\b.exe', '\\'], 'b.exe'],
      [['b.exe', '\\'], 'b.exe'],
    ],
    ONE,
  ),
};
