import ipaddr from 'ipaddr.js';
import { isJsonObject, type Json } from '../../../base/json.ts';
import { PLAIN } from '../../../ir/construct.ts';
import type { ViewFunction } from '../../../ir/functions/view.ts';
import { eventDataOfXml } from '../../../logs/decode/index.ts';
import { logType } from '../../../logs/registry.ts';
import { schemaEvent } from '../../../logs/schema-event.ts';
import { type CompiledRegex, compileRegex } from '../../../patterns/regex/index.ts';
import { textOf } from '../../../values/text-of.ts';
import type { Value } from '../../../values/value.ts';
import { readPath } from '../raw.ts';
import type { Implementation } from './implementation.ts';
import { powershellPayload, sysmonDetails, sysmonQueryResults } from './shipped.ts';

export const viewImplementations: Record<ViewFunction, Implementation> = {
  'view.first': ([value]) => (Array.isArray(value) ? value[0] : value),
  'view.text': ([value]) => (typeof value === 'string' ? value : undefined),
  'view.coalesce': (args) => args.find((value) => value !== undefined && value !== null),
  'view.lookup-normalised': ([map, key]) => {
    if (!isJsonObject(map) || typeof key !== 'string') return undefined;
    const found = Object.keys(map).find((name) => name.replaceAll('.', '_') === key);
    return found === undefined ? undefined : map[found];
  },
  'view.normalised': ([map]) => {
    if (!isJsonObject(map)) return undefined;
    const entries = Object.entries(map).map(([name, member]) => [name.replaceAll('.', '_'), member] as const);
    return Object.fromEntries(entries.reverse());
  },
  'view.ip': ([value]) => (typeof value === 'string' && isIp(value) ? value : undefined),
  'view.multiply': ([a, b]) => {
    const product = numberOf(a) * numberOf(b);
    return Number.isNaN(product) ? undefined : product;
  },
  'view.integer': ([value]) => integerOf(value),
  'view.pair': ([value, key]) => {
    const text = textOf(value);
    const wanted = textOf(key)?.toLowerCase();
    if (text === undefined || wanted === undefined) return undefined;
    for (const pair of text.split(',')) {
      const at = pair.indexOf('=');
      if (at !== -1 && pair.slice(0, at).trim().toLowerCase() === wanted) return pair.slice(at + 1).trim();
    }
    return undefined;
  },
  'view.capture': ([value, pattern, group]) => {
    const text = textOf(value);
    if (text === undefined || typeof pattern !== 'string') return undefined;
    return capture(text, pattern, Number(textOf(group)));
  },
  'view.windows-args': ([value]) => (typeof value === 'string' ? windowsArguments(value) : undefined),
  'view.join': ([value, separator]) => {
    const between = textOf(separator) ?? '';
    if (!Array.isArray(value)) return textOf(value);
    return value.map((item: Value) => textOf(item) ?? '').join(between);
  },
  'view.count': ([value]) => BigInt(Array.isArray(value) ? value.length : 1),
  'view.java-text': ([value]) => javaText(value),
  'view.json-path': ([value, path]) => readPath(jsonOf(value), textOf(path)?.split('.').filter(Boolean) ?? [], PLAIN),
  'view.named': ([list, nameKey, valueKey, name]) => {
    const [ofName, ofValue, wanted] = [textOf(nameKey) ?? '', textOf(valueKey) ?? '', textOf(name)?.toLowerCase()];
    if (!Array.isArray(list)) return undefined;
    const found = list.find((one) => isJsonObject(one) && textOf(one[ofName])?.toLowerCase() === wanted);
    return isJsonObject(found) ? found[ofValue] : undefined;
  },
  'view.item': ([values, place]) => {
    const at = Number(textOf(place));
    if (!Array.isArray(values)) return at === 0 ? values : undefined;
    return values[at];
  },
  'view.event-datum': ([data, name]) => {
    const read = typeof data === 'string' && data.includes('<') ? eventDataOfXml(data) : jsonOf(data);
    const path = textOf(name) ?? '';
    const found = isJsonObject(read) ? read[path] : undefined;
    return path === 'Data' && isJsonObject(found) && found['#text'] !== undefined ? found['#text'] : found;
  },
  'view.captures': ([value, pattern]) => {
    const text = textOf(value);
    return text === undefined || typeof pattern !== 'string' ? undefined : captures(text, pattern);
  },
  'view.sysmon-query-results': ([answers]) => sysmonQueryResults(answers),
  'view.sysmon-details': ([type, strings]) => sysmonDetails(textOf(type) ?? '', strings),
  'view.powershell-payload': ([invocations]) => powershellPayload(invocations),
  'view.event': ([record, schema, type, shape]) => {
    if (!isJsonObject(record) || typeof type !== 'string' || typeof shape !== 'string') return undefined;
    return schema === 'panther' ? schemaEvent(schema, logType(type), shape, record) : record;
  },
};

/** `ipaddr.js` also takes `1`, octal and hexadecimal forms, which no log means as an address. */
function isIp(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

function numberOf(value: Value): number {
  const spelled = textOf(value);
  return spelled === undefined || spelled.trim() === '' ? Number.NaN : Number(spelled);
}

function integerOf(value: Value): bigint | undefined {
  const spelled = textOf(value)?.trim();
  if (spelled === undefined) return undefined;
  return /^(?:[+-]?\d{1,20}|0x[0-9a-f]{1,16})$/i.test(spelled) ? BigInt(spelled.replace(/^\+/, '')) : undefined;
}

/** What a group of a view's pattern captures, in linear time: the text comes from a log. */
function capture(text: string, pattern: string, group: number): string | undefined {
  return regexOf(pattern)?.groups(text)?.groups[group];
}

function captures(text: string, pattern: string): readonly string[] | undefined {
  const regex = regexOf(pattern);
  if (regex === undefined) return undefined;
  const found: string[] = [];
  for (let at = 0; at <= text.length; ) {
    const match = regex.groups(text, at);
    if (match === undefined) break;
    const group = match.groups[1];
    if (group !== undefined) found.push(group);
    at = match.end > match.start ? match.end : match.end + 1;
  }
  return found;
}

/** Patterns of views are constants, and tests compile each; another text, such as one of a query, may be no pattern. */
function regexOf(pattern: string): CompiledRegex | undefined {
  const compiled = compileRegex(pattern, { flavour: 're2', ignoreCase: true, flags: 's', anchored: false });
  return compiled.ok ? compiled.regex : undefined;
}

/**
 * Splits a command line as `CommandLineToArgvW` does: backslashes count only before a quote, the program's name ends at
 * its closing quote or the first blank, and two quotes inside a quoted argument are one.
 */
export function windowsArguments(line: string): readonly string[] {
  const args: string[] = [];
  let at = 0;
  const isBlank = (): boolean => line[at] === ' ' || line[at] === '\t';
  while (isBlank()) at += 1;
  if (at >= line.length) return args;
  if (line[at] === '"') {
    const close = line.indexOf('"', at + 1);
    const end = close === -1 ? line.length : close;
    args.push(line.slice(at + 1, end));
    at = end + 1;
  } else {
    const start = at;
    while (at < line.length && !isBlank()) at += 1;
    args.push(line.slice(start, at));
  }
  while (at < line.length) {
    while (isBlank()) at += 1;
    if (at >= line.length) break;
    let argument = '';
    let quoted = false;
    while (at < line.length && (quoted || !isBlank())) {
      let backslashes = 0;
      while (line[at] === '\\') {
        backslashes += 1;
        at += 1;
      }
      if (line[at] !== '"') {
        argument += '\\'.repeat(backslashes);
        if (at < line.length && (quoted || !isBlank())) {
          argument += line[at];
          at += 1;
        }
        continue;
      }
      argument += '\\'.repeat(Math.floor(backslashes / 2));
      if (backslashes % 2 === 1) {
        argument += '"';
      } else if (quoted && line[at + 1] === '"') {
        argument += '"';
        at += 1;
      } else {
        quoted = !quoted;
      }
      at += 1;
    }
    args.push(argument);
  }
  return args;
}

function jsonOf(value: Value): Value {
  if (typeof value !== 'string') return value;
  try {
    const parsed: Json = JSON.parse(value);
    return parsed;
  } catch {
    return undefined;
  }
}

/**
 * The order of a Java HashMap: by the hash of the key, in a table that doubles when it is three quarters full, and by
 * insertion in one bucket.
 */
function inHashOrder<T>(entries: readonly (readonly [string, T])[]): readonly (readonly [string, T])[] {
  let size = 16;
  while (entries.length > size * 0.75) size *= 2;
  const bucket = (key: string): number => {
    let hash = 0;
    for (let at = 0; at < key.length; at += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0;
    return (hash ^ (hash >>> 16)) & (size - 1);
  };
  return entries
    .map((entry) => ({ entry, bucket: bucket(entry[0]) }))
    .sort((a, b) => a.bucket - b.bucket)
    .map(({ entry }) => entry);
}

function javaText(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(javaText).join(', ')}]`;
  if (isJsonObject(value)) {
    return `{${inHashOrder(Object.entries(value))
      .map(([key, member]) => `${key}=${javaText(member)}`)
      .join(', ')}}`;
  }
  return textOf(value) ?? 'null';
}
