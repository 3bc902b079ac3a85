/** The value of the content of a string or bytes literal, or why it has none. */
export function literalValue(body: string, bytes: boolean): { readonly value: string } | { readonly reason: string } {
  const text = body.replace(/\r\n?/g, '\n');
  if (!text.includes('\\')) return { value: text };
  let value = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char !== '\\') {
      value += char;
      continue;
    }
    at += 1;
    const next = text[at] ?? '';
    const simple = SIMPLE.get(next);
    if (simple !== undefined) {
      value += simple;
      continue;
    }
    const octal = /^[0-7]{1,3}/.exec(text.slice(at, at + 3));
    if (octal !== null) {
      value += String.fromCharCode(Number.parseInt(octal[0], 8));
      at += octal[0].length - 1;
      continue;
    }
    const digits = next === 'x' ? 2 : bytes ? 0 : next === 'u' ? 4 : next === 'U' ? 8 : 0;
    if (digits > 0) {
      const hex = text.slice(at + 1, at + 1 + digits);
      const code = Number.parseInt(hex, 16);
      if (!/^[0-9a-fA-F]+$/.test(hex) || hex.length !== digits || code > 0x10ffff) {
        return { reason: 'an escape sequence is cut short' };
      }
      value += String.fromCodePoint(code);
      at += digits;
    } else if (next === 'N' && !bytes) {
      return { reason: 'characters by name are not read' };
    } else {
      value += `\\${next}`;
    }
  }
  return { value };
}

const SIMPLE: ReadonlyMap<string, string> = new Map([
  ['\n', ''],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);
