import { Buffer } from 'node:buffer';
import type { Json, JsonObject } from '../../../../base/json.ts';

const URL =
  /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(?:([^@/?#]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;

/** The parts of an absolute URL, as `parse_url()` names them; empty texts where it is none. */
export function parseUrl(text: string): JsonObject {
  const [, scheme = '', user = '', host = '', port = '', path = '', query = '', fragment = ''] =
    URL.exec(text.trim()) ?? [];
  const colon = user.indexOf(':');
  return {
    Scheme: scheme,
    Host: host,
    Port: port,
    Path: path,
    Username: colon === -1 ? user : user.slice(0, colon),
    Password: colon === -1 ? '' : user.slice(colon + 1),
    'Query Parameters': parseUrlQuery(query),
    Fragment: fragment,
  };
}

export function parseUrlQuery(text: string): JsonObject {
  const parameters: [string, Json][] = [];
  for (const part of text.replace(/^\?/, '').split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    parameters.push(
      equals === -1 ? [decode(part), ''] : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))],
    );
  }
  return Object.fromEntries(parameters);
}

function decode(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-fA-F]{2})+/g, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'));
}

/** The parts of a Windows, Unix or URL-like path, as `parse_path()` names them. */
export function parsePath(text: string): JsonObject {
  const [, scheme = '', afterScheme = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]+):\/\/)?(.*)$/s.exec(text) ?? [];
  const [, stream] = /^(?:[A-Za-z]:)?[^:]*:([^:\\/]+)$/.exec(afterScheme) ?? [];
  const path = stream === undefined ? afterScheme : afterScheme.slice(0, afterScheme.length - stream.length - 1);
  const [root = ''] = /^(?:[A-Za-z]:|\\\\[^\\/]+|[^\\/]+(?=[\\/])|)/.exec(path) ?? [];
  const rooted = /^[A-Za-z]:/.test(path) || path.startsWith('\\\\') || scheme !== '';
  const cut = Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/'));
  const directory = cut === -1 ? '' : path.slice(0, cut);
  const file = path.slice(cut + 1);
  const dot = file.lastIndexOf('.');
  return {
    Scheme: scheme,
    RootPath: rooted ? root : '',
    DirectoryPath: directory,
    DirectoryName: directory.split(/[\\/]/).at(-1) ?? '',
    Filename: file,
    Extension: dot === -1 ? '' : file.slice(dot + 1),
    AlternateDataStreamName: stream ?? '',
  };
}

/** The cells of the first line of CSV; a cell in quotes may hold commas, line ends and doubled quotes. */
export function parseCsv(text: string): Json {
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/gy;
  for (let found = cell.exec(text); found !== null; found = cell.exec(text)) {
    cells.push(found[1] === undefined ? (found[2] ?? '') : found[1].replaceAll('""', '"'));
    if (found[3] !== ',') break;
  }
  return cells;
}
