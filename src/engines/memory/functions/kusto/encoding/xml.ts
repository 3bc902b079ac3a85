import type { Json } from '../../../../../base/json.ts';

/** Elements inside each other beyond this many are refused. */
const DEEPEST = 100;
/** Larger texts are refused, as in Kusto. */
const LARGEST = 1024 * 128;

const NAME = /[^\s=/>"'<]+/y;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** XML as Kusto's `parse_xml` shows it; undefined where the text is not well-formed. Entities of a document are not known. */
export function parseXml(text: string): Json | undefined {
  if (text.length > LARGEST) return undefined;
  const reader = new XmlReader(text);
  return reader.document();
}

class XmlReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): Json | undefined {
    this.skipMisc();
    const root = this.element(0);
    if (root === undefined) return undefined;
    this.skipMisc();
    return this.at < this.text.length ? undefined : Object.fromEntries([[root.name, root.value]]);
  }

  /** What stands around the root: declarations, comments, blanks. */
  private skipMisc(): void {
    for (;;) {
      this.take(/\s+/y);
      if (this.take(/<\?[\s\S]*?\?>/y) || this.take(/<!--[\s\S]*?-->/y) || this.take(/<!DOCTYPE[^>[]*>/iy)) continue;
      return;
    }
  }

  private element(depth: number): { readonly name: string; readonly value: Json } | undefined {
    if (depth > DEEPEST || !this.take(/</y)) return undefined;
    const name = this.read(NAME);
    if (name === undefined) return undefined;
    const members: [string, Json][] = [];
    for (;;) {
      this.take(/\s+/y);
      if (this.take(/\/>/y)) return { name, value: members.length === 0 ? null : Object.fromEntries(members) };
      if (this.take(/>/y)) break;
      const attribute = this.read(NAME);
      if (attribute === undefined || !this.take(/\s*=\s*/y)) return undefined;
      const quoted = this.read(/"[^"<]*"|'[^'<]*'/y);
      if (quoted === undefined) return undefined;
      members.push([`@${attribute}`, decoded(quoted.slice(1, -1))]);
    }
    const content = this.content(name, depth);
    if (content === undefined) return undefined;
    const { text, children } = content;
    if (members.length === 0 && children.length === 0) return { name, value: text === '' ? null : text };
    if (text !== '') children.push(['#text', text]);
    return { name, value: Object.fromEntries([...members, ...grouped(children)]) };
  }

  /** What stands between the tags of an element. */
  private content(
    name: string,
    depth: number,
  ): { readonly text: string; readonly children: [string, Json][] } | undefined {
    const children: [string, Json][] = [];
    let text = '';
    for (;;) {
      const plain = this.read(/[^<]+/y);
      if (plain !== undefined) text += decoded(plain);
      if (this.take(/<!--[\s\S]*?-->/y) || this.take(/<\?[\s\S]*?\?>/y)) continue;
      const verbatim = this.read(/<!\[CDATA\[[\s\S]*?\]\]>/y);
      if (verbatim !== undefined) {
        text += verbatim.slice(9, -3);
        continue;
      }
      const closing = this.read(/<\/[^\s>]+\s*>/y);
      if (closing !== undefined) {
        if (closing.slice(2, -1).trim() !== name) return undefined;
        return { text: children.length === 0 ? text : text.trim(), children };
      }
      const child = this.element(depth + 1);
      if (child === undefined) return undefined;
      children.push([child.name, child.value]);
    }
  }

  private read(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private take(pattern: RegExp): boolean {
    return this.read(pattern) !== undefined;
  }
}

/** Elements of one name become an array. */
function grouped(children: readonly (readonly [string, Json])[]): [string, Json][] {
  const groups = new Map<string, Json[]>();
  for (const [name, value] of children) groups.set(name, [...(groups.get(name) ?? []), value]);
  return [...groups].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? null) : values]);
}

function decoded(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex: string, decimal: string, name: string) => {
    if (name !== undefined) return Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? whole) : whole;
    const point = hex === undefined ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
