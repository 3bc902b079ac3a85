import type { BatchCollector } from '../batch.ts';

/** What more of a record begins with: an indented line, and the frames and causes of a stack trace. */
const GOES_ON =
  /^(?:\s+\S|at [\w$.<]|Caused by: |Suppressed: |\.{3} \d+ more|Traceback \(most recent call last\)|During handling of the above exception|The above exception was)/;
const TRACEBACK = 'Traceback (most recent call last)';
/** The line that ends Python's traceback: the exception, and what it says. */
const EXCEPTION = /^[A-Za-z_][\w.]*(?::|$)/;
/** Of what goes on longer, the rest is a record of its own. */
const MOST_LINES = 1_000;
const MOST_CHARACTERS = 256 * 1024;

/**
 * Lines of no known form as records of their text alone (`message`), where the user says what they are. A stack trace belongs to the
 * line before it.
 */
export class PlainLines {
  private readonly out: BatchCollector;
  private lines: string[] = [];
  private first = 0;
  private characters = 0;
  private inTraceback = false;

  constructor(out: BatchCollector) {
    this.out = out;
  }

  /** Whether the next line may go on with the record that the last one began. */
  get isOpen(): boolean {
    return this.lines.length > 0;
  }

  /** Takes a line that goes on with the record; false, and the record is given out, where it does not. */
  goOn(text: string): boolean {
    const isMore = this.isOpen && (GOES_ON.test(text) || (this.inTraceback && this.endsTraceback(text)));
    if (isMore && this.lines.length < MOST_LINES && this.characters + text.length <= MOST_CHARACTERS) {
      this.add(text);
      return true;
    }
    this.flush();
    return false;
  }

  begin(text: string, line: number): void {
    this.flush();
    this.first = line;
    this.add(text);
  }

  flush(): void {
    if (this.lines.length > 0) this.out.emit({ message: this.lines.join('\n') }, this.first);
    this.lines = [];
    this.characters = 0;
    this.inTraceback = false;
  }

  private add(text: string): void {
    this.lines.push(text);
    this.characters += text.length;
    if (text.includes(TRACEBACK)) this.inTraceback = true;
    else if (!/^\s/.test(text)) this.inTraceback = false;
  }

  private endsTraceback(text: string): boolean {
    return /^\s/.test(this.lines.at(-1) ?? '') && EXCEPTION.test(text);
  }
}
