import type { LineForm } from './line-form.ts';
import { readHead } from './syslog-head.ts';

/**
 * A pair and what parts it from the next. A value without quotes ends at a blank, or where a comma or semicolon stands before the next
 * pair's name.
 */
const PAIR =
  /([A-Za-z_][\w.-]{0,99})=(?:"([^"\\]*(?:\\.[^"\\]*)*)"|(?!")((?:[^\s,;]|[,;](?![A-Za-z_][\w.-]{0,99}=))*))(?:[\s,;]+|$)/y;
const PRIORITY = /^(?:<\d{1,3}>)?\s*/;
const FEWEST = 3;

/**
 * A line of `key=value` pairs and nothing else (logfmt, many firewalls), three at least, behind a priority; values with blanks in
 * quotes. With the line itself as `message`.
 */
export const keyValues: LineForm = (line) => {
  if (!line.includes('=')) return undefined;
  const head = PRIORITY.exec(line)?.[0] ?? '';
  const found = new Map<string, string>();
  let count = 0;
  for (let at = head.length; at < line.length; at = PAIR.lastIndex) {
    PAIR.lastIndex = at;
    const pair = PAIR.exec(line);
    if (pair === null) return undefined;
    const [, name = '', quoted, plain = ''] = pair;
    const value = quoted === undefined ? plain.replace(/[,;]$/, '') : quoted.replace(/\\(["\\])/g, '$1');
    if (!found.has(name)) found.set(name, value);
    count += 1;
  }
  if (count < FEWEST) return undefined;
  return { ...readHead(head.trim()), message: line, ...Object.fromEntries(found) };
};
