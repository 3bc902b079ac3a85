/**
 * The arguments of a command line as Windows programs take them apart (CommandLineToArgvW): blanks separate, quotes keep together,
 * backslashes are themselves unless a quote follows them, and two quotes inside quotes are one.
 */
export function commandLine(text: string): string[] {
  const found: string[] = [];
  let current = '';
  let isQuoted = false;
  let hasBegun = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') {
      let end = at;
      while (text.charAt(end) === '\\') end += 1;
      const count = end - at;
      hasBegun = true;
      at = end - 1;
      if (text.charAt(end) !== '"') current += '\\'.repeat(count);
      else {
        current += '\\'.repeat(Math.floor(count / 2));
        if (count % 2 === 1) {
          current += '"';
          at = end;
        }
      }
    } else if (char === '"') {
      hasBegun = true;
      if (isQuoted && text.charAt(at + 1) === '"') {
        current += '"';
        at += 1;
      } else isQuoted = !isQuoted;
    } else if (!isQuoted && /\s/.test(char)) {
      if (hasBegun) found.push(current);
      current = '';
      hasBegun = false;
    } else {
      current += char;
      hasBegun = true;
    }
  }
  if (hasBegun) found.push(current);
  return found;
}
