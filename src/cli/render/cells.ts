/** One character as a terminal shows it. */
export interface Cell {
  readonly text: string;
  /** How many columns it takes: 0, 1 or 2; a tab takes `TAB`. */
  readonly width: number;
  /** The character's UTF-16 offset in the text, and how many units it has there. */
  readonly at: number;
  readonly units: number;
}

const TAB = 4;

/**
 * A text in the characters that a terminal may safely be given: what rules and logs hold must not move the cursor,
 * change colours or turn the direction of writing.
 */
export function cellsOf(text: string): Cell[] {
  const cells: Cell[] = [];
  let at = 0;
  for (const character of text) {
    const units = character.length;
    if (character === '\t') cells.push({ text: ' '.repeat(TAB), width: TAB, at, units });
    else if (isUnsafe(character)) cells.push({ text: '\u00b7', width: 1, at, units });
    else cells.push({ text: character, width: widthOfCharacter(character), at, units });
    at += units;
  }
  return cells;
}

/** A text made safe to print; line ends become spaces. */
export function printable(text: string): string {
  // Nearly all text needs nothing done.
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return cellsOf(text.replace(/\r\n|\n|\r/g, ' '))
    .map((cell) => cell.text)
    .join('');
}

/** How many columns a text takes. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  return cellsOf(text).reduce((width, cell) => width + cell.width, 0);
}

/** So many characters for each column: some take none. */
const LOOKED_AT = 64;

/** The text, made safe to print, in at most `width` columns; what is cut off becomes an ellipsis. */
export function clip(text: string, width: number): string {
  // Of megabytes the start is looked at.
  const most = LOOKED_AT * (width + 1);
  const isLong = text.length > most;
  const safe = printable(isLong ? text.slice(0, most) : text);
  if (!isLong && widthOf(safe) <= width) return safe;
  let used = 0;
  let kept = '';
  for (const cell of cellsOf(safe)) {
    if (used + cell.width > width - 1) break;
    kept += cell.text;
    used += cell.width;
  }
  return `${kept}…`;
}

/** As `clip`, but for what is cut off: the start. */
export function clipStart(text: string, width: number): string {
  const safe = printable(text);
  if (widthOf(safe) <= width) return safe;
  let used = 0;
  let kept = '';
  for (const cell of cellsOf(safe).reverse()) {
    if (used + cell.width > width - 1) break;
    kept = cell.text + kept;
    used += cell.width;
  }
  return `…${kept}`;
}

/** The text followed by spaces up to `width` columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/**
 * Control characters (C0, DEL and C1), line separators, and the invisible characters: those that turn the direction of text, join
 * or part words, or show nothing. The two that only say whether a sign is drawn as a picture are let through.
 */
export function isUnsafe(character: string): boolean {
  return /[\p{Cc}\p{Cs}\u2028\u2029\ufff9-\ufffb]|(?![\ufe0e\ufe0f])\p{Default_Ignorable_Code_Point}/u.test(character);
}

function widthOfCharacter(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (/^(?:\p{Mn}|\p{Me}|[\u200b-\u200d])/u.test(character)) return 0;
  return isWide(code) ? 2 : 1;
}

/** The blocks of Unicode's East Asian Width `W` and `F`, and pictographs, in whole blocks. */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0x303e) ||
    (code >= 0x3041 && code <= 0xa4cf) ||
    (code >= 0xa960 && code <= 0xa97f) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1f64f) ||
    (code >= 0x1f680 && code <= 0x1f6ff) ||
    (code >= 0x1f900 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}
