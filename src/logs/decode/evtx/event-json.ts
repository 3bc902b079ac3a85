import type { Json, JsonObject } from '../../../base/json.ts';
import {
  ARRAY_FLAG,
  type Attribute,
  BINXML_TYPE,
  type Element,
  type Instance,
  NO_VALUES,
  type Node,
  NULL_TYPE,
  type Value,
} from './binxml.ts';
import { type BinXmlReader, MAX_DEPTH } from './binxml-reader.ts';
import { valueJson } from './binxml-value.ts';
import { type Budget, EvtxDamage } from './damage.ts';

type Members = Record<string, Json>;

/** What the content of an element or attribute comes to. */
interface Content {
  /** Absent where there is no text. A single value keeps its type. */
  text?: Json;
  members?: Members;
  /** The values of `Data` elements without a name; they share one member, which stands where the first of them does. */
  unnamed?: Json[];
  /** How many members of a name there are, where it is more than one. */
  repeats?: Map<string, number>;
  /** Whether a value was asked for that may be absent, and is. */
  isAbsent: boolean;
}

const BLANK = /^\s*$/;

/**
 * Makes events of one chunk's binary XML, in the form of evtx_dump and of SigmaHQ's regression data:
 * - an element is a member of its parent: its value, its members, or null; with attributes an object of `#attributes`,
 *   its members and its text as `#text`;
 * - `<Data Name="x">` is the member `x`, whatever other attributes it has; the `Data` without names in `EventData` are
 *   `{"#text": …}` with the one value or the list of them;
 * - a second element of one name is `name_1`, a third `name_2`;
 * - an optional value that is null takes its attribute with it.
 */
export class EventWriter {
  private readonly bytes: Buffer;
  private readonly reader: BinXmlReader;
  private readonly budget: Budget;
  private depth = 0;

  constructor(chunk: Buffer, reader: BinXmlReader, budget: Budget) {
    this.bytes = chunk;
    this.reader = reader;
    this.budget = budget;
  }

  /** The event in `[start, end)` of the chunk. Throws `EvtxDamage`. */
  event(start: number, end: number): JsonObject {
    this.depth = 0;
    this.budget.startRecord();
    const content: Content = { isAbsent: false };
    this.addAll(this.reader.document(start, end), NO_VALUES, content, '');
    if (content.members === undefined) throw new EvtxDamage('a record without an event');
    return content.members;
  }

  private addAll(nodes: readonly Node[], values: readonly Value[], content: Content, parent: string): void {
    if (this.depth >= MAX_DEPTH) throw new EvtxDamage(`nested deeper than ${MAX_DEPTH} levels`);
    this.depth += 1;
    for (const node of nodes) this.add(node, values, content, parent);
    this.depth -= 1;
  }

  private add(node: Node, values: readonly Value[], content: Content, parent: string): void {
    this.budget.spend(1);
    switch (node.kind) {
      case 'text':
        this.addText(content, node.text);
        break;
      case 'element':
        this.addElement(node.element, values, content, parent);
        break;
      case 'instance':
        this.addInstance(node.instance, content, parent);
        break;
      case 'substitution': {
        const value = values[node.index];
        if (value === undefined || value.type === NULL_TYPE) content.isAbsent ||= node.optional;
        else if (value.type === BINXML_TYPE) this.addAll(this.reader.fragment(value), NO_VALUES, content, parent);
        else this.addText(content, this.value(value));
        break;
      }
    }
  }

  private addInstance({ template, values }: Instance, content: Content, parent: string): void {
    this.addAll(template, values, content, parent);
  }

  private value(value: Value): Json {
    this.budget.spend((value.type & ARRAY_FLAG) === 0 ? (value.end - value.start) >> 1 : value.end - value.start);
    return valueJson(this.bytes, value);
  }

  private addText(content: Content, text: Json): void {
    if (content.text === undefined) {
      content.text = text;
      return;
    }
    const joined = textOf(content.text) + textOf(text);
    this.budget.spend(joined.length >> 4);
    content.text = joined;
  }

  private addElement(element: Element, values: readonly Value[], content: Content, parent: string): void {
    let attributes: Members | undefined;
    let name: Json | undefined;
    for (const attribute of element.attributes) {
      const value = this.attribute(attribute, values);
      if (value === undefined) continue;
      if (element.name === 'Data' && attribute.name === 'Name') name = value;
      attributes ??= {};
      put(attributes, attribute.name, value);
    }
    const inner: Content = { isAbsent: false };
    this.addAll(element.content, values, inner, element.name);
    if (element.name === 'Data') {
      if (name !== undefined) {
        putNext(content, textOf(name), elementJson(undefined, inner));
        return;
      }
      if (parent === 'EventData' && attributes === undefined) {
        const value = elementJson(undefined, inner) ?? '';
        content.members ??= {};
        if (content.unnamed === undefined) {
          content.unnamed = [];
          content.members['Data'] = content.unnamed;
        }
        if (Array.isArray(value)) for (const one of value) content.unnamed.push(one);
        else content.unnamed.push(value);
        return;
      }
    }
    putNext(content, element.name, elementJson(attributes, inner));
  }

  private attribute({ content: nodes }: Attribute, values: readonly Value[]): Json | undefined {
    const content: Content = { isAbsent: false };
    this.addAll(nodes, values, content, '');
    if (content.text === undefined) return content.isAbsent || nodes.length > 0 ? undefined : '';
    return content.text;
  }
}

function putNext(content: Content, name: string, value: Json): void {
  content.members ??= {};
  const { members } = content;
  if (!Object.hasOwn(members, name)) {
    put(members, name, value);
    return;
  }
  content.repeats ??= new Map();
  let count = (content.repeats.get(name) ?? 0) + 1;
  while (Object.hasOwn(members, `${name}_${count}`)) count += 1;
  content.repeats.set(name, count);
  put(members, `${name}_${count}`, value);
}

function elementJson(attributes: Members | undefined, { text, members, unnamed }: Content): Json {
  if (unnamed !== undefined && members !== undefined) {
    const [first = null] = unnamed;
    members['Data'] = { '#text': unnamed.length === 1 ? first : unnamed };
  }
  if (attributes === undefined && members === undefined) return text ?? null;
  // Blanks between elements are for the eye.
  const isText = text !== undefined && !(members !== undefined && typeof text === 'string' && BLANK.test(text));
  if (attributes === undefined && members !== undefined && !isText) return members;
  const all: Members = {};
  if (attributes !== undefined) all['#attributes'] = attributes;
  if (isText) all['#text'] = text;
  for (const [name, member] of Object.entries(members ?? {})) put(all, name, member);
  return all;
}

/** Sets a member of any name, also of those that mean something to JavaScript. */
function put(members: Members, name: string, value: Json): void {
  if (name === '__proto__') {
    Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    members[name] = value;
  }
}

function textOf(value: Json): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (Array.isArray(value)) return value.map(textOf).join(' ');
  return String(value);
}
