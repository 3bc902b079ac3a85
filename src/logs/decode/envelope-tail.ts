import type { BatchCollector } from './batch.ts';
import { resumesAt } from './json/value-recovery.ts';
import { notJson } from './log-problems.ts';
import { after, type EnvelopeTail, type Next } from './reading-mode.ts';
import { isBlank, type TextCursor } from './text/text-cursor.ts';

/**
 * Passes what stands behind the list of a broken envelope: up to the bracket that closes the envelope, or, where that never comes, to
 * a line that can be no part of it.
 */
export function passTail(cursor: TextCursor, out: BatchCollector, tail: EnvelopeTail): Next {
  const { text } = cursor;
  for (; cursor.at < text.length; cursor.at += 1) {
    const char = text.charCodeAt(cursor.at);
    if (char === 0x0a) {
      cursor.beginLine(cursor.at + 1);
      cursor.at -= 1;
      tail.where = 'between';
    } else if (cursor.inIndent && isBlank(char)) {
      cursor.indent += 1;
    } else if (char === 0) {
      return after(tail.outer);
    } else {
      const isLineStart = cursor.inIndent;
      if (isLineStart && resumesAt(text.charAt(cursor.at), cursor.indent, tail.indent, tail.outer))
        return after(tail.outer);
      cursor.inIndent = false;
      passChar(char, cursor.line, out, tail);
      if (tail.depth === 0) {
        cursor.at += 1;
        return after(tail.outer);
      }
    }
  }
  return 'wait';
}

function passChar(char: number, line: number, out: BatchCollector, tail: EnvelopeTail): void {
  if (tail.where === 'escape') {
    tail.where = 'string';
  } else if (tail.where === 'string') {
    if (char === 0x5c) tail.where = 'escape';
    else if (char === 0x22) tail.where = 'between';
  } else if (char === 0x22) {
    tail.where = 'string';
  } else if (char === 0x7b || char === 0x5b) {
    // A second table.
    if (tail.depth > 1 && !tail.isTold) {
      out.reject(1, () => notJson(out.file, line, 'what stands behind the first list of a broken envelope'));
      tail.isTold = true;
    }
    tail.depth += 1;
  } else if (char === 0x7d || char === 0x5d) {
    tail.depth -= 1;
  }
}
