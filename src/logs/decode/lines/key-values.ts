import type { LineForm } from './line-form.ts';
import { readHead } from './syslog-head.ts';

const PAIR = /([A-Za-z_][\w.-]{0,99})=(?:"((?:[^"\\]|\\.)*)"|((?!")\S*))/g;
/** Pairs and nothing else, three at least, behind a priority. */
const WHOLE = /^(?:<\d{1,3}>)?\s*(?:[A-Za-z_][\w.-]{0,99}=(?:"(?:[^"\\]|\\.)*"|(?!")\S*)(?:[\s,;]+|$)){3,}$/;

/** A line of `key=value` pairs (logfmt, many firewalls), values with blanks in quotes; with the line itself as `message`. */
export const keyValues: LineForm = (line) => {
  if (!line.includes('=') || !WHOLE.test(line)) return undefined;
  const found = new Map<string, string>();
  for (const [, name = '', quoted, plain] of line.matchAll(PAIR)) {
    const value = quoted === undefined ? (plain ?? '').replace(/[,;]$/, '') : quoted.replace(/\\(["\\])/g, '$1');
    if (!found.has(name)) found.set(name, value);
  }
  return { ...readHead(/^<\d{1,3}>/.exec(line)?.[0] ?? ''), message: line, ...Object.fromEntries(found) };
};
