export type Ink = 'red' | 'yellow' | 'green' | 'blue' | 'cyan' | 'gray' | 'bold';

/** Colours a text, or leaves it as it is where the output is no terminal. */
export type Paint = (ink: Ink, text: string) => string;

// `styleText` of node:util decides by process.stdout in newer versions of Node; our output may be another stream.
const codes: Record<Ink, readonly [number, number]> = {
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  blue: [34, 39],
  cyan: [36, 39],
  gray: [90, 39],
  bold: [1, 22],
};

export const plain: Paint = (_ink, text) => text;

export const coloured: Paint = (ink, text) => {
  const [on, off] = codes[ink];
  return text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`;
};

/** Colours are for terminals; NO_COLOR (any value but empty) forbids them, FORCE_COLOR (but 0) asks for them. */
export function paintFor(terminal: boolean, env: Readonly<Record<string, string | undefined>>): Paint {
  if (env['NO_COLOR']) return plain;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced === '0' ? plain : coloured;
  return terminal && env['TERM'] !== 'dumb' ? coloured : plain;
}
