import { isJsonObject, type Json, type JsonObject } from '../../../base/json.ts';
import { eventEndMark, eventStart, PROLOGUE } from './event-marks.ts';
import { localName, type StartTag, StartTags } from './start-tags.ts';
import { NotXml, XmlCut, XmlCutOff } from './xml-problems.ts';
import { unescapeXml } from './xml-text.ts';

/** What stands at a place of a text. `end` is behind it. */
export type EventXml =
  | { readonly kind: 'event'; readonly event: JsonObject; readonly end: number }
  /** The text ends before the element does. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'bad'; readonly reason: string }
  /** Another event begins before it ends. */
  | { readonly kind: 'cut-off' };

type Members = Record<string, Json>;

/** Elements in elements; events of Windows have four or five levels. */
const MAX_DEPTH = 64;

/**
 * Reads an XML element at `start`, usually the `<Event>` of a Windows event, in the form that event logs themselves are read in
 * (see docs/evtx.md): an element is a member of its parent, its text, its members, or null; attributes are `#attributes`, and text
 * beside them `#text`; `<Data Name="x">` is the member `x`; `Data` without a name are `{"#text": …}`, one value or a list;
 * a second element of one name is `name_1`. Names are without prefix. Nothing that a document type declares is read.
 */
export function readEventXml(text: string, start: number, tags: StartTags = new StartTags()): EventXml {
  tags.begin();
  const reader = new ElementReader(text, start, tags);
  const event: Members = {};
  try {
    reader.element(event, '', undefined);
  } catch (error) {
    if (error instanceof XmlCut) return { kind: 'cut' };
    if (error instanceof XmlCutOff) return { kind: 'cut-off' };
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
  const start = text.search(/<(?:[A-Za-z_][\w.-]{0,31}:)?EventData/);
  const read = start === -1 ? undefined : readEventXml(text, start);
  const data = read?.kind === 'event' ? read.event['EventData'] : undefined;
  return isJsonObject(data) ? data : undefined;
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
  private readonly tags: StartTags;
  /** Whether there is anything to unescape, and more than one line: asked once, not of each text. */
  private readonly hasEntity: boolean;
  private readonly isOneLine: boolean;
  private depth = 0;

  constructor(text: string, at: number, tags: StartTags) {
    this.text = text;
    this.at = at;
    this.tags = tags;
    this.hasEntity = text.includes('&');
    this.isOneLine = !text.includes('\n');
  }

  /** Reads the element at hand into the members of its parent. */
  element(into: Members, parent: string, siblings: Inside | undefined): void {
    if (this.depth > 0 && this.isEventAt(this.at)) throw new XmlCutOff();
    const tag = this.tags.read(this.text, this.at);
    const { name, label } = tag;
    this.at += tag.raw.length;
    const isData = name === 'Data' && siblings !== undefined;
    if (isData && label !== undefined) {
      putNext(into, label, this.value(tag, []));
      return;
    }
    if (isData && parent === 'EventData') {
      const inside = tag.isEmpty ? undefined : this.inside(tag);
      if (inside?.members === undefined) {
        siblings.unnamed ??= [];
        siblings.unnamed.push(inside?.text ?? '');
      } else putNext(into, name, elementValue(inside, attributesOf(tag.attributes)));
      return;
    }
    putNext(into, name, this.value(tag, tag.attributes));
  }

  /** Whether a whole event begins: data may have an element of that name, too. */
  private isEventAt(at: number): boolean {
    const { text } = this;
    if (eventEndMark(text, at) === undefined) return false;
    return /^[^>]{0,400}>\s{0,100}<(?:[A-Za-z_][\w.-]{0,31}:)?System[\s>/]/.test(text.slice(at, at + 600));
  }

  /** What an element comes to, up to its end. */
  private value(tag: StartTag, attributes: StartTag['attributes']): Json {
    if (tag.isEmpty) return elementValue(undefined, attributesOf(attributes));
    // Most elements are a text alone.
    const { text, at } = this;
    const mark = text.indexOf('<', at);
    if (mark !== -1 && attributes.length === 0 && text.startsWith(tag.close, mark)) {
      this.at = mark + tag.close.length;
      const only = text.slice(at, mark);
      const read = this.hasEntity ? unescapeXml(only) : only;
      return this.isOneLine ? read : textAlone(read);
    }
    return elementValue(this.inside(tag), attributesOf(attributes));
  }

  private inside(tag: StartTag): Inside {
    const { name } = tag;
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new NotXml(`elements in elements, more than ${MAX_DEPTH} deep`);
    const { text } = this;
    const inside: Inside = { text: '', members: undefined, unnamed: undefined };
    for (;;) {
      const mark = text.indexOf('<', this.at);
      if (mark === -1) throw new XmlCut();
      if (mark > this.at) inside.text += unescapeXml(text.slice(this.at, mark));
      this.at = mark;
      const next = text.charCodeAt(mark + 1);
      if (next === 0x2f) {
        if (text.startsWith(tag.close, mark)) this.at = mark + tag.close.length;
        else this.endTag(name);
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

  private endTag(name: string): void {
    const end = this.text.indexOf('>', this.at);
    if (end === -1) throw new XmlCut();
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
      if (at + 9 > text.length) throw new XmlCut();
      throw new NotXml('a declaration inside an element');
    }
    this.skipPast('-->', 4);
    return '';
  }

  private skipPast(mark: string, from: number): void {
    const end = this.text.indexOf(mark, this.at + from);
    if (end === -1) throw new XmlCut();
    this.at = end + mark.length;
  }
}

function attributesOf(attributes: StartTag['attributes']): Members | undefined {
  if (attributes.length === 0) return undefined;
  const found: Members = {};
  for (const [name, value] of attributes) put(found, name, value);
  return found;
}

/** Blanks over several lines are for the eye. */
function textAlone(text: string): string {
  return text.includes('\n') && text.trim() === '' ? '' : text;
}

/** An element's value; blanks between its elements are for the eye. */
function elementValue(inside: Inside | undefined, attributes: Members | undefined): Json {
  if (inside === undefined) return attributes === undefined ? null : { '#attributes': attributes };
  const { members, unnamed, text } = inside;
  if (members === undefined) {
    const only = textAlone(text);
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
  // No value is undefined: only what every object has is asked for twice.
  if (members[name] === undefined || !Object.hasOwn(members, name)) {
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
