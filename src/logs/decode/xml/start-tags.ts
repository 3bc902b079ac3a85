import { NotXml, XmlCut } from './xml-problems.ts';
import { unescapeXml } from './xml-text.ts';

/** A start tag as it is written, and what it says. */
export interface StartTag {
  readonly raw: string;
  /** Without prefix. */
  readonly name: string;
  /** What ends its element, written the usual way. */
  readonly close: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  /** The attribute `Name`. */
  readonly label: string | undefined;
  readonly isEmpty: boolean;
  /** The tag that came behind it last time. */
  next: StartTag | undefined;
}

/** Longer ones are not kept. */
const LONGEST_KEPT = 256;

/**
 * Reads start tags. Events are alike: most tags are those that stood at the same place in the event before, and are only compared with
 * them. What is kept is no more than the tags of one event.
 */
export class StartTags {
  private readonly first: StartTag = {
    raw: '',
    name: '',
    close: '',
    attributes: [],
    label: undefined,
    isEmpty: true,
    next: undefined,
  };
  private last: StartTag = this.first;

  /** To be called before the first tag of an event. */
  begin(): void {
    this.last = this.first;
  }

  /** The tag at a place. */
  read(text: string, at: number): StartTag {
    const { last } = this;
    const expected = last.next;
    if (expected !== undefined && text.startsWith(expected.raw, at)) {
      this.last = expected;
      return expected;
    }
    const other = expected?.next;
    if (other !== undefined && text.startsWith(other.raw, at)) {
      this.last = other;
      return other;
    }
    const found = parseStartTag(text, at);
    found.next = other;
    if (found.raw.length <= LONGEST_KEPT) {
      last.next = found;
      this.last = found;
    }
    return found;
  }
}

const NAME = /^[\p{L}_][\p{L}\p{N}_.:-]*$/u;

function parseStartTag(text: string, start: number): StartTag {
  const from = start + 1;
  let at = from;
  while (at < text.length && !isNameEnd(text.charCodeAt(at))) at += 1;
  if (at >= text.length) throw new XmlCut();
  const tag = text.slice(from, at);
  if (!NAME.test(tag)) throw new NotXml('a tag without a name');
  const attributes: (readonly [string, string])[] = [];
  for (;;) {
    while (isBlank(text.charCodeAt(at))) at += 1;
    const code = text.charCodeAt(at);
    if (code === 0x3e) break;
    if (code === 0x2f) {
      if (at + 1 >= text.length) throw new XmlCut();
      if (text.charCodeAt(at + 1) !== 0x3e) throw new NotXml(`a / inside the tag ${tag}`);
      break;
    }
    at = readAttribute(text, at, tag, attributes);
  }
  const isEmpty = text.charCodeAt(at) === 0x2f;
  return {
    raw: text.slice(start, at + (isEmpty ? 2 : 1)),
    name: localName(tag),
    close: `</${tag}>`,
    attributes,
    label: attributes.find(([name]) => name === 'Name')?.[1],
    isEmpty,
    next: undefined,
  };
}

/** Reads an attribute; gives the place behind it. */
function readAttribute(text: string, start: number, tag: string, into: (readonly [string, string])[]): number {
  const equals = text.indexOf('=', start);
  if (equals === -1) throw new XmlCut();
  const name = text.slice(start, equals).trim();
  if (name === '' || /[\s<>"'/]/.test(name)) throw new NotXml(`the tag ${tag} is broken`);
  let at = equals + 1;
  while (isBlank(text.charCodeAt(at))) at += 1;
  const quote = text.charAt(at);
  if (quote === '') throw new XmlCut();
  if (quote !== '"' && quote !== "'") throw new NotXml(`the attribute ${name} of the tag ${tag} has no quotes`);
  const end = text.indexOf(quote, at + 1);
  if (end === -1) throw new XmlCut();
  into.push([name, unescapeXml(text.slice(at + 1, end))]);
  return end + 1;
}

export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function isNameEnd(code: number): boolean {
  return isBlank(code) || code === 0x3e || code === 0x2f;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}
