/** What becomes of texts between Python, which has UTF-8, and JavaScript. */
export interface TextCoding {
  bytesOf(source: ArrayBuffer | ArrayBufferView): Uint8Array;
  /** Text of code units. */
  textOf(units: Uint8Array | Uint16Array): string;
  /** As browsers have them, as far as pyodide asks. */
  readonly TextDecoder: unknown;
  readonly TextEncoder: unknown;
}

/** Made in the realm, of the language alone: it is handed over as text. */
export function textCoding(): TextCoding {
  const bytesOf = (source: ArrayBuffer | ArrayBufferView): Uint8Array =>
    ArrayBuffer.isView(source)
      ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
      : new Uint8Array(source);

  /** Text of code units, in pieces that fit on the stack. */
  const textOf = (units: Uint8Array | Uint16Array): string => {
    const piece = 8192;
    let text = '';
    for (let at = 0; at < units.length; at += piece) {
      text += String.fromCharCode.apply(null, units.subarray(at, at + piece) as unknown as number[]);
    }
    return text;
  };

  /** UTF-8 to UTF-16; every byte that is not UTF-8 is U+FFFD. */
  const utf8ToText = (bytes: Uint8Array): string => {
    const units = new Uint16Array(bytes.length);
    let length = 0;
    const put = (unit: number): void => {
      units[length] = unit;
      length += 1;
    };
    let at = 0;
    while (at < bytes.length) {
      const first = bytes[at] ?? 0;
      at += 1;
      if (first < 0x80) {
        put(first);
        continue;
      }
      const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
      let code = first & (0x3f >> more);
      let found = 0;
      while (found < more && ((bytes[at + found] ?? 0) & 0xc0) === 0x80) {
        code = (code << 6) | ((bytes[at + found] ?? 0) & 0x3f);
        found += 1;
      }
      const least = more === 3 ? 0x10000 : more === 2 ? 0x800 : 0x80;
      const surrogate = code >= 0xd800 && code < 0xe000;
      if (first < 0xc2 || first > 0xf4 || found < more || code < least || code > 0x10ffff || surrogate) {
        put(0xfffd);
        continue;
      }
      at += more;
      if (code < 0x10000) put(code);
      else {
        put(0xd800 + ((code - 0x10000) >> 10));
        put(0xdc00 + (code & 0x3ff));
      }
    }
    return textOf(units.subarray(0, length));
  };

  /** UTF-16 to UTF-8; a surrogate without its other half is U+FFFD. */
  const textToUtf8 = (text: string): Uint8Array => {
    const bytes = new Uint8Array(text.length * 3);
    let length = 0;
    for (const character of text) {
      const point = character.codePointAt(0) ?? 0;
      const code = point >= 0xd800 && point < 0xe000 ? 0xfffd : point;
      const more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
      bytes[length] = more === 0 ? code : ((0xf0 << (3 - more)) & 0xff) | (code >> (6 * more));
      length += 1;
      for (let left = more - 1; left >= 0; left -= 1) {
        bytes[length] = 0x80 | ((code >> (6 * left)) & 0x3f);
        length += 1;
      }
    }
    return bytes.slice(0, length);
  };

  const TextDecoder = class {
    readonly encoding: string;
    constructor(label = 'utf-8') {
      this.encoding = label.toLowerCase();
    }
    decode(source?: ArrayBuffer | ArrayBufferView): string {
      const bytes = source === undefined ? new Uint8Array() : bytesOf(source);
      switch (this.encoding) {
        case 'utf-8':
        case 'utf8':
          return utf8ToText(bytes);
        case 'latin1':
          return textOf(bytes);
        case 'utf-16le': {
          const units = Uint16Array.from({ length: bytes.length >> 1 }, (_, at) => {
            return (bytes[2 * at] ?? 0) | ((bytes[2 * at + 1] ?? 0) << 8);
          });
          return textOf(units);
        }
        default:
          throw new RangeError(`no decoder for ${this.encoding}`);
      }
    }
  };
  const TextEncoder = class {
    readonly encoding = 'utf-8';
    encode(text = ''): Uint8Array {
      return textToUtf8(text);
    }
    encodeInto(text: string, target: Uint8Array): { read: number; written: number } {
      const bytes = textToUtf8(text);
      target.set(bytes);
      return { read: text.length, written: bytes.length };
    }
  };

  return { bytesOf, textOf, TextDecoder, TextEncoder };
}
