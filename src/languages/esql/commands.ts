/** How the text behind a command's word is read. */
export type Mode = 'command' | 'source' | 'pattern' | 'expression' | 'fork';

const TO_EXPRESSION: ReadonlyMap<string, Mode> = new Map([
  ['metadata', 'expression'],
  ['on', 'expression'],
]);
const TO_PATTERN: ReadonlyMap<string, Mode> = new Map([
  ['on', 'pattern'],
  ['with', 'pattern'],
]);
const NOTHING: ReadonlyMap<string, Mode> = new Map();

interface CommandWord {
  readonly mode: Mode;
  /** Words that end a list of sources, and how what follows them is read. */
  readonly ends?: ReadonlyMap<string, Mode>;
}

/** Every command, by its canonical spelling; those of several words before those that begin as they do. */
const COMMANDS: Readonly<Record<string, CommandWord>> = {
  SET: { mode: 'expression' },
  FROM: { mode: 'source', ends: TO_EXPRESSION },
  TS: { mode: 'source', ends: TO_EXPRESSION },
  ROW: { mode: 'expression' },
  SHOW: { mode: 'expression' },
  WHERE: { mode: 'expression' },
  EVAL: { mode: 'expression' },
  KEEP: { mode: 'pattern' },
  DROP: { mode: 'pattern' },
  RENAME: { mode: 'pattern' },
  SORT: { mode: 'expression' },
  LIMIT: { mode: 'expression' },
  STATS: { mode: 'expression' },
  'INLINE STATS': { mode: 'expression' },
  INLINESTATS: { mode: 'expression' },
  MV_EXPAND: { mode: 'pattern' },
  GROK: { mode: 'expression' },
  DISSECT: { mode: 'expression' },
  ENRICH: { mode: 'source', ends: TO_PATTERN },
  'LOOKUP JOIN': { mode: 'source', ends: TO_EXPRESSION },
  'LEFT JOIN': { mode: 'source', ends: TO_EXPRESSION },
  'RIGHT JOIN': { mode: 'source', ends: TO_EXPRESSION },
  'FULL JOIN': { mode: 'source', ends: TO_EXPRESSION },
  CHANGE_POINT: { mode: 'expression' },
  FORK: { mode: 'fork' },
  COMPLETION: { mode: 'expression' },
  SAMPLE: { mode: 'expression' },
  URI_PARTS: { mode: 'expression' },
  REGISTERED_DOMAIN: { mode: 'expression' },
  USER_AGENT: { mode: 'expression' },
  IP_LOCATION: { mode: 'expression' },
  FUSE: { mode: 'expression' },
  RERANK: { mode: 'expression' },
};

export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

const WORDS = COMMAND_NAMES.map((name) => ({
  name,
  spelling: new RegExp(`${name.replace(' ', '\\s+')}(?![A-Za-z0-9_])`, 'iy'),
}));

/** The command whose words stand at a place. */
export function commandAt(
  text: string,
  at: number,
):
  | { readonly name: string; readonly end: number; readonly mode: Mode; readonly ends: ReadonlyMap<string, Mode> }
  | undefined {
  for (const { name, spelling } of WORDS) {
    spelling.lastIndex = at;
    if (!spelling.test(text)) continue;
    const { mode = 'expression', ends = NOTHING } = COMMANDS[name] ?? {};
    return { name, end: spelling.lastIndex, mode, ends };
  }
  return undefined;
}
