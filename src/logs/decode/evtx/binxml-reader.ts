import { type Attribute, type Element, type Instance, NO_VALUES, type Node, type Value } from './binxml.ts';
import { type Budget, EvtxDamage } from './damage.ts';

/** How deep elements, templates and fragments may lie in each other. */
export const MAX_DEPTH = 100;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

const TOKEN = {
  eof: 0x00,
  openStart: 0x01,
  closeStart: 0x02,
  closeEmpty: 0x03,
  end: 0x04,
  value: 0x05,
  attribute: 0x06,
  cdata: 0x07,
  charRef: 0x08,
  entityRef: 0x09,
  piTarget: 0x0a,
  piData: 0x0b,
  instance: 0x0c,
  substitution: 0x0d,
  optionalSubstitution: 0x0e,
  fragment: 0x0f,
} as const;

/** Set in a token: more of the same kind follows, or an element has attributes. */
const MORE = 0x40;

const UNLIKELY_IN_NAMES = /[^\p{L}\p{N}._:-]/u;

/**
 * Reads the binary XML of one chunk. Names and templates are written once in a chunk, where they are first used, and named by
 * their place afterwards. Throws `EvtxDamage`.
 */
export class BinXmlReader {
  private readonly bytes: Buffer;
  private readonly budget: Budget;
  private readonly names = new Map<number, string>();
  private readonly templates = new Map<number, readonly Node[]>();
  /** Templates that are being read: one that holds itself has no end. */
  private readonly open = new Set<number>();
  private at = 0;
  private end = 0;
  private depth = 0;

  constructor(chunk: Buffer, budget: Budget) {
    this.bytes = chunk;
    this.budget = budget;
  }

  /** The document in `[start, end)` of the chunk: an event record's. */
  document(start: number, end: number): readonly Node[] {
    return this.within(start, end, () => this.nodes(true));
  }

  /** A value of the type binary XML. The elements at its first level have no dependency identifier. */
  fragment(value: Value): readonly Node[] {
    return this.within(value.start, value.end, () => this.nodes(false));
  }

  private within<T>(start: number, end: number, read: () => T): T {
    const { at, end: outerEnd, depth } = this;
    if (depth >= MAX_DEPTH) throw new EvtxDamage(`nested deeper than ${MAX_DEPTH} levels`);
    if (start > end || end > this.bytes.length) throw new EvtxDamage('points outside of its chunk');
    this.at = start;
    this.end = end;
    this.depth += 1;
    try {
      return read();
    } finally {
      this.at = at;
      this.end = outerEnd;
      this.depth = depth;
    }
  }

  /** Content up to the end of the element, fragment or piece. */
  private nodes(hasDependency: boolean): readonly Node[] {
    const nodes: Node[] = [];
    while (this.at < this.end) {
      this.budget.spend(1);
      const token = this.u8();
      switch (token & ~MORE) {
        case TOKEN.eof:
        case TOKEN.end:
          return nodes;
        case TOKEN.fragment:
          // Major and minor version, flags.
          this.skip(3);
          break;
        case TOKEN.openStart:
          nodes.push({ kind: 'element', element: this.element(token, hasDependency) });
          break;
        case TOKEN.instance:
          nodes.push({ kind: 'instance', instance: this.instance() });
          break;
        case TOKEN.piTarget:
          this.name();
          break;
        case TOKEN.piData:
          this.text();
          break;
        default:
          nodes.push(this.textNode(token));
      }
    }
    return nodes;
  }

  /** What may stand in an element and in an attribute. */
  private textNode(token: number): Node {
    switch (token & ~MORE) {
      case TOKEN.value: {
        const type = this.u8();
        if (type !== 0x01) throw new EvtxDamage(`text of the type ${type}`);
        return { kind: 'text', text: this.text() };
      }
      case TOKEN.cdata:
        return { kind: 'text', text: this.text() };
      case TOKEN.charRef:
        return { kind: 'text', text: String.fromCharCode(this.u16()) };
      case TOKEN.entityRef: {
        const name = this.name();
        return { kind: 'text', text: ENTITIES.get(name) ?? `&${name};` };
      }
      case TOKEN.substitution:
      case TOKEN.optionalSubstitution: {
        const index = this.u16();
        // The type is said again where the value is.
        this.skip(1);
        return { kind: 'substitution', index, optional: (token & ~MORE) === TOKEN.optionalSubstitution };
      }
      default:
        throw new EvtxDamage(`no token of binary XML: 0x${token.toString(16)}`);
    }
  }

  private element(token: number, hasDependency: boolean): Element {
    if (this.depth >= MAX_DEPTH) throw new EvtxDamage(`nested deeper than ${MAX_DEPTH} levels`);
    this.depth += 1;
    const name = this.elementName(hasDependency);
    const attributes = (token & MORE) === 0 ? [] : this.attributes();
    const close = this.u8();
    let content: readonly Node[] = [];
    if (close === TOKEN.closeStart) content = this.nodes(hasDependency);
    else if (close !== TOKEN.closeEmpty) throw new EvtxDamage(`an element's tag that does not close (${name})`);
    this.depth -= 1;
    return { name, attributes, content };
  }

  /**
   * The start of an element: dependency identifier, size, name. Some writers leave the identifier where it should not be, or out
   * where it should; which of the two it is shows in where the name would be.
   */
  private elementName(hasDependency: boolean): string {
    const start = this.at;
    const usual = hasDependency ? 6 : 4;
    const other = hasDependency ? 4 : 6;
    const width = this.isNameAt(start + usual) || !this.isNameAt(start + other) ? usual : other;
    this.skip(width);
    return this.name();
  }

  /** Whether four bytes of the chunk are the place of an element's name, as far as can be told: here, or read before. */
  private isNameAt(at: number): boolean {
    if (at + 4 > this.end) return false;
    const offset = this.bytes.readUInt32LE(at);
    if (this.names.has(offset)) return true;
    if (offset > at + 4 || offset + 10 > this.bytes.length) return false;
    const length = this.bytes.readUInt16LE(offset + 6);
    const end = offset + 8 + 2 * length;
    if (length === 0 || length > 255 || end + 2 > this.bytes.length || this.bytes.readUInt16LE(end) !== 0) return false;
    return !UNLIKELY_IN_NAMES.test(this.bytes.toString('utf16le', offset + 8, end));
  }

  private attributes(): readonly Attribute[] {
    const attributes: Attribute[] = [];
    this.skip(4);
    while (this.at < this.end && ((this.bytes[this.at] ?? 0) & ~MORE) === TOKEN.attribute) {
      this.skip(1);
      const name = this.name();
      const content: Node[] = [];
      while (this.at < this.end && !isTagToken(this.bytes[this.at] ?? 0)) {
        this.budget.spend(1);
        content.push(this.textNode(this.u8()));
      }
      attributes.push({ name, content });
    }
    return attributes;
  }

  /** The place of a name; the name itself follows where it is used for the first time. */
  private name(): string {
    const offset = this.u32();
    const isHere = offset === this.at;
    let name = this.names.get(offset);
    if (name === undefined) {
      if (offset + 8 > this.bytes.length) throw new EvtxDamage('a name outside of its chunk');
      const length = this.bytes.readUInt16LE(offset + 6);
      const end = offset + 8 + 2 * length;
      if (end > this.bytes.length) throw new EvtxDamage('a name that goes over the end of its chunk');
      this.budget.spend(length);
      name = this.bytes.toString('utf16le', offset + 8, end);
      this.names.set(offset, name);
    }
    // The next name's place, a hash, the length, the name, a NUL.
    if (isHere) this.skip(8 + 2 * this.bytes.readUInt16LE(offset + 6) + 2);
    return name;
  }

  private text(): string {
    const length = this.u16();
    const start = this.at;
    this.skip(2 * length);
    this.budget.spend(length);
    return this.bytes.toString('utf16le', start, start + 2 * length);
  }

  private instance(): Instance {
    // A version, and the first four bytes of the template's GUID.
    this.skip(5);
    const offset = this.u32();
    const isHere = offset === this.at;
    const template = this.template(offset);
    if (isHere) this.skip(24 + this.bytes.readUInt32LE(offset + 20));
    const count = this.u32();
    if (count === 0) return { template, values: NO_VALUES };
    if (count > (this.end - this.at) / 4) throw new EvtxDamage('more values than the record has bytes');
    this.budget.spend(count);
    const values: Value[] = [];
    let start = this.at + 4 * count;
    for (let at = this.at; at < this.at + 4 * count; at += 4) {
      const end = start + this.bytes.readUInt16LE(at);
      values.push({ type: this.bytes[at + 2] ?? 0, start, end });
      start = end;
    }
    this.skip(start - this.at);
    return { template, values };
  }

  /** The template at a place of the chunk: next one's place, GUID, size, fragment. */
  private template(offset: number): readonly Node[] {
    const known = this.templates.get(offset);
    if (known !== undefined) return known;
    if (offset + 24 > this.bytes.length) throw new EvtxDamage('a template outside of its chunk');
    if (this.open.has(offset)) throw new EvtxDamage('a template that holds itself');
    const start = offset + 24;
    const end = start + this.bytes.readUInt32LE(offset + 20);
    this.open.add(offset);
    try {
      const template = this.within(start, end, () => this.nodes(true));
      this.templates.set(offset, template);
      return template;
    } finally {
      this.open.delete(offset);
    }
  }

  // Bytes

  private skip(count: number): void {
    const next = this.at + count;
    if (next > this.end) throw new EvtxDamage('binary XML that ends too soon');
    this.at = next;
  }

  private u8(): number {
    const at = this.at;
    this.skip(1);
    return this.bytes[at] ?? 0;
  }

  private u16(): number {
    const at = this.at;
    this.skip(2);
    return this.bytes.readUInt16LE(at);
  }

  private u32(): number {
    const at = this.at;
    this.skip(4);
    return this.bytes.readUInt32LE(at);
  }
}

/** Whether a token ends an attribute: the next one, or the end of the tag. */
function isTagToken(byte: number): boolean {
  const token = byte & ~MORE;
  return token === TOKEN.attribute || token === TOKEN.closeStart || token === TOKEN.closeEmpty;
}
