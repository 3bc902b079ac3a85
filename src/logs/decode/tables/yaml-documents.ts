import { parse } from 'yaml';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import type { BatchCollector } from '../batch.ts';
import { notJson } from '../log-problems.ts';
import type { TableReader } from './table-reader.ts';

/** A document is no longer than this; what is, is no record. */
const LONGEST = 1024 * 1024;
const MOST_LINES = 20_000;
const BREAK = '---';
/** What the first line of a document of Google's or Kubernetes' tools is where no `---` stands before it. */
const FIRST = /^(?:insertId|protoPayload|logName|apiVersion|kind): ?\S/;

/**
 * Records as YAML documents that `---` parts, as `gcloud logging read` and `kubectl get -o yaml` print them. Aliases are not followed:
 * those tools write none.
 */
export class YamlDocuments implements TableReader {
  readonly isOpen = true;
  private readonly out: BatchCollector;
  private readonly emit: (record: JsonObject, line: number) => void;
  private lines: string[] = [];
  private length = 0;
  private start = 0;
  private isSure = false;
  private refused: (readonly [text: string, line: number])[] = [];

  constructor(out: BatchCollector, emit: (record: JsonObject, line: number) => void) {
    this.out = out;
    this.emit = emit;
  }

  static begins(text: string): boolean {
    return text === BREAK || FIRST.test(text);
  }

  take(text: string, line: number): boolean {
    if (text.trimEnd() === BREAK) {
      if (!this.finish()) return false;
      this.out.countBlank();
      this.start = line + 1;
      return true;
    }
    if (this.lines.length === 0) {
      this.start = line;
      // Behind `---`, a document begins with a key.
      if (!this.isSure && !/^[\w'"@$.-]{1,100}:(?: |$)/.test(text)) return this.refuse(text, line);
    }
    if (this.lines.length < MOST_LINES && this.length < LONGEST) this.lines.push(text);
    else this.out.countUndecodable();
    this.length += text.length + 1;
    return true;
  }

  released(): readonly (readonly [text: string, line: number])[] {
    return this.refused.splice(0);
  }

  end(): void {
    this.finish();
  }

  private refuse(text: string, line: number): false {
    this.refused = [[text, line]];
    return false;
  }

  /** Gives out the document at hand; false where it shows that these are no records. */
  private finish(): boolean {
    const { lines, start, out } = this;
    if (lines.length === 0) return true;
    const whole = lines.join('\n');
    this.lines = [];
    const isWhole = this.length < LONGEST && lines.length < MOST_LINES;
    this.length = 0;
    const record = isWhole ? documentOf(whole) : undefined;
    if (record !== undefined) {
      this.isSure = true;
      this.emit(record, start);
      return true;
    }
    if (this.isSure || !isWhole) {
      out.reject(lines.length, () => notJson(out.file, start, 'a YAML document that is no record'));
      return true;
    }
    this.refused = lines.map((text, at) => [text, start + at] as const);
    return false;
  }
}

function documentOf(text: string): JsonObject | undefined {
  try {
    const found: unknown = parse(text, { maxAliasCount: 0, schema: 'core', logLevel: 'silent', uniqueKeys: false });
    return isJsonObject(found as JsonObject) ? (found as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
