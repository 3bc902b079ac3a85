import { isJsonObject, type Json, type JsonObject } from '../../../base/json.ts';
import { unescapeXml } from './xml-text.ts';

/** What stands at a place of a text. `end` is behind it. */
export type EventXml =
  | { readonly kind: 'event'; readonly event: JsonObject; readonly end: number }
  /** The text ends before the element does. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'bad'; readonly reason: string };

type Members = Record<string, Json>;

/** Elements in elements; events of Windows have four or five levels. */
const MAX_DEPTH = 64;

/**
 * Reads an XML element at `start`, usually the `<Event>` of a Windows event, in the form that event logs themselves are read in
 * (see docs/evtx.md): an element is a member of its parent, its text, its members, or null; attributes are `#attributes`, and text
 * beside them `#text`; `<Data Name="x">` is the member `x`; `Data` without a name are `{"#text": …}`, one value or a list;
 * a second element of one name is `name_1`. Names are without prefix. Nothing that a document type declares is read.
 */
export function readEventXml(text: string, start: number): EventXml {
  const reader = new ElementReader(text, start);
  const event: Members = {};
  try {
    reader.element(event, '');
  } catch (error) {
    if (error instanceof Cut) return { kind: 'cut' };
    if (error instanceof NotXml) return { kind: 'bad', reason: error.message };
    throw error;
  }
  return { kind: 'event', event, end: reader.at };
}

/** An event that a text is, with nothing but blanks around it; undefined where it is none. */
export function eventOfXml(text: string): JsonObject | undefined {
  const start = eventStart(text, 0);
  if (start === -1 || text.slice(0, start).replace(PROLOGUE, '').trim() !== '') return undefined;
  const read = readEventXml(text, start);
  return read.kind === 'event' ? read.event : undefined;
}

/** The data of an event, where a text is its `<EventData>`, whatever is around it; undefined where it is not. */
export function eventDataOfXml(text: string): JsonObject | undefined {
  const start = text.indexOf('<EventData');
  const read = start === -1 ? undefined : readEventXml(text, start);
  const data = read?.kind === 'event' ? read.event['EventData'] : undefined;
  return isJsonObject(data) ? data : undefined;
}

const PROLOGUE = /<\?[^>]*\?>|<\/?Events[^>]*>|<DataItem[^>]*>/g;

/** Where the next event begins, from a place on; -1 where none does. */
export function eventStart(text: string, from: number): number {
  for (let at = text.indexOf('<Event', from); at !== -1; at = text.indexOf('<Event', at + 6)) {
    if (isNameEnd(text.charCodeAt(at + 6))) return at;
  }
  return -1;
}

class Cut extends Error {}
class NotXml extends Error {}

function isNameEnd(code: number): boolean {
  return isBlank(code) || code === 0x3e || code === 0x2f;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/** What the inside of an element came to. */
interface Inside {
  text: string;
  members: Members | undefined;
  unnamed: string[] | undefined;
}

class ElementReader {
  at: number;
  private readonly text: string;
  private depth = 0;
  /** Of the start tag that was read last. */
  private name = '';
  private attributes: Members | undefined;
  private isEmpty = false;

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  /** Reads the element at hand into the members of its parent. */
  element(into: Members, parent: string, siblings?: Inside): void {
    this.startTag();
    const { name, attributes, isEmpty } = this;
    const isData = name === 'Data' && siblings !== undefined;
    const inside = isEmpty ? undefined : this.inside(name);
    const label = isData ? attributes?.['Name'] : undefined;
    if (typeof label === 'string') {
      putNext(into, label, elementValue(inside, undefined));
      return;
    }
    if (isData && parent === 'EventData' && inside?.members === undefined) {
      siblings.unnamed ??= [];
      siblings.unnamed.push(inside?.text ?? '');
      return;
    }
    putNext(into, name, elementValue(inside, attributes));
  }

  private inside(name: string): Inside {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new NotXml(`elements in elements, more than ${MAX_DEPTH} deep`);
    const { text } = this;
    const inside: Inside = { text: '', members: undefined, unnamed: undefined };
    for (;;) {
      const mark = text.indexOf('<', this.at);
      if (mark === -1) throw new Cut();
      if (mark > this.at) inside.text += unescapeXml(text.slice(this.at, mark));
      this.at = mark;
      const next = text.charCodeAt(mark + 1);
      if (next === 0x2f) {
        this.endTag(name);
        break;
      }
      if (next === 0x21) inside.text += this.section();
      else if (next === 0x3f) this.skipPast('?>', 2);
      else {
        inside.members ??= {};
        this.element(inside.members, name, inside);
      }
    }
    this.depth -= 1;
    return inside;
  }

  private startTag(): void {
    const { text } = this;
    const from = this.at + 1;
    let at = from;
    while (at < text.length && !isNameEnd(text.charCodeAt(at))) at += 1;
    if (at >= text.length) throw new Cut();
    const name = text.slice(from, at);
    if (!/^[\p{L}_][\p{L}\p{N}_.:-]*$/u.test(name)) throw new NotXml('a tag without a name');
    this.attributes = undefined;
    for (;;) {
      while (isBlank(text.charCodeAt(at))) at += 1;
      const code = text.charCodeAt(at);
      if (code === 0x3e) break;
      if (code === 0x2f) {
        if (at + 1 >= text.length) throw new Cut();
        if (text.charCodeAt(at + 1) !== 0x3e) throw new NotXml(`a / inside the tag ${name}`);
        break;
      }
      at = this.attribute(at, name);
    }
    this.isEmpty = text.charCodeAt(at) === 0x2f;
    this.at = at + (this.isEmpty ? 2 : 1);
    this.name = localName(name);
  }

  /** Reads an attribute; gives the place behind it. */
  private attribute(start: number, tag: string): number {
    const { text } = this;
    const equals = text.indexOf('=', start);
    if (equals === -1) throw new Cut();
    const name = text.slice(start, equals).trim();
    if (name === '' || /[\s<>"'/]/.test(name)) throw new NotXml(`the tag ${tag} is broken`);
    let at = equals + 1;
    while (isBlank(text.charCodeAt(at))) at += 1;
    const quote = text.charAt(at);
    if (quote === '') throw new Cut();
    if (quote !== '"' && quote !== "'") throw new NotXml(`the attribute ${name} of the tag ${tag} has no quotes`);
    const end = text.indexOf(quote, at + 1);
    if (end === -1) throw new Cut();
    this.attributes ??= {};
    put(this.attributes, name, unescapeXml(text.slice(at + 1, end)));
    return end + 1;
  }

  private endTag(name: string): void {
    const end = this.text.indexOf('>', this.at);
    if (end === -1) throw new Cut();
    const found = localName(this.text.slice(this.at + 2, end).trim());
    if (found !== name) throw new NotXml(`${name} ends as ${found.slice(0, 40)}`);
    this.at = end + 1;
  }

  /** A comment, which is nothing, or a CDATA section, which is its text. */
  private section(): string {
    const { text, at } = this;
    if (text.startsWith('<![CDATA[', at)) {
      this.skipPast(']]>', 9);
      return text.slice(at + 9, this.at - 3);
    }
    if (!text.startsWith('<!--', at)) {
      if (at + 9 > text.length) throw new Cut();
      throw new NotXml('a declaration inside an element');
    }
    this.skipPast('-->', 4);
    return '';
  }

  private skipPast(mark: string, from: number): void {
    const end = this.text.indexOf(mark, this.at + from);
    if (end === -1) throw new Cut();
    this.at = end + mark.length;
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** An element's value; blanks between its elements are for the eye. */
function elementValue(inside: Inside | undefined, attributes: Members | undefined): Json {
  if (inside === undefined) return attributes === undefined ? null : { '#attributes': attributes };
  const { members, unnamed, text } = inside;
  if (members === undefined) {
    const only = text.includes('\n') && text.trim() === '' ? '' : text;
    if (attributes === undefined) return only;
    return only === '' ? { '#attributes': attributes } : { '#attributes': attributes, '#text': only };
  }
  if (unnamed !== undefined) {
    const [first = ''] = unnamed;
    members['Data'] = { '#text': unnamed.length === 1 ? first : unnamed };
  }
  const hasText = text.trim() !== '';
  if (attributes === undefined && !hasText) return members;
  const all: Members = {};
  if (attributes !== undefined) all['#attributes'] = attributes;
  if (hasText) all['#text'] = text;
  for (const [name, value] of Object.entries(members)) put(all, name, value);
  return all;
}

function putNext(members: Members, name: string, value: Json): void {
  if (!Object.hasOwn(members, name)) {
    put(members, name, value);
    return;
  }
  let count = 1;
  while (Object.hasOwn(members, `${name}_${count}`)) count += 1;
  put(members, `${name}_${count}`, value);
}

/** Sets a member of any name, also of those that mean something to JavaScript. */
function put(members: Members, name: string, value: Json): void {
  if (name === '__proto__') {
    Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    members[name] = value;
  }
}
