import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'rolldown/parseAst';
import { analyse } from 'scslre';
import { expect, it, vi } from 'vitest';

const source = fileURLToPath(new URL('../../src', import.meta.url));

/** Patterns that go back over a text more than a fixed number of times, and why no text makes them slow. */
const BOUNDED: Readonly<Record<string, string>> = {
  'cli/program.ts \\B(?=(?:\\d{3})+$)': 'the digits of one number of our own',
  'languages/json-path/named-operator.ts ^split\\s*\\(\\s*([\'"]?)([^\\n]+?)\\1\\s*,\\s*(-?\\d+|\\*)\\s*,\\s*(-?\\d+)\\s*\\)':
    'an operator is at most 200 characters long',
  'languages/json-path/named-operator.ts ^(.*)\\/,\\s+(.*)$': 'an operator is at most 200 characters long',
  'logs/decode/lines/aws-lines.ts "((?:[^"\\\\]|\\\\.|"(?=\\S))*)(?:"(?= |$)|\\\\?$)|\\[([^\\][]*)\\]|(\\S+)':
    'what a quote opens ends at the end of the line, if nowhere else: it is never tried in vain',
  'formats/panther/lookup.ts (?:"([^"]*(?:""[^"]*)*)(?:"|$)|([^,\\r\\n]*))(,|\\r?\\n|\\r|$)':
    'what a quote opens ends at the end of the file, if nowhere else',
  'engines/memory/functions/kusto/parse.ts ^([A-Za-z][A-Za-z0-9+.-]*):\\/\\/(?:([^@/?#]*)@)?(\\[[^\\]]*\\]|[^:/?#]*)(?::([^/?#]*))?([^?#]*)(?:\\?([^#]*))?(?:#(.*))?$':
    'behind `://` any text fits: it is never tried in vain',
};

interface Pattern {
  readonly source: string;
  readonly flags: string;
}

/** Whether V8, which goes back and tries again, may need more than linear time for a text. */
function isSlow({ source, flags }: Pattern): boolean {
  return analyse({ source, flags }, { maxReports: 1, reportTypes: { Move: true } }).reports.length > 0;
}

/** The patterns that stand in a syntax tree. */
function* literals(node: unknown): Generator<Pattern, void, void> {
  if (typeof node !== 'object' || node === null) return;
  if ('regex' in node && typeof node.regex === 'object' && node.regex !== null) {
    const { pattern, flags } = node.regex as { readonly pattern: string; readonly flags: string };
    yield { source: pattern, flags };
    return;
  }
  for (const part of Object.values(node)) yield* literals(part);
}

it('the check sees a pattern in quadratic and in exponential time, and lets linear ones pass', () => {
  const text = String.raw`const [a, b, c] = [/\s+$/, /^(?:a+)+b/, /^a*b/];`;
  expect([...literals(parseAst(text, { lang: 'ts' }))].map(isSlow)).toEqual([true, true, false]);
});

it('the patterns of the project need linear time, whatever the text', { tags: 'large', timeout: 120_000 }, () => {
  const slow = new Set<string>();
  let count = 0;
  for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    // The kernel's sources are another language, without patterns.
    if (!name.endsWith('.ts') || name.endsWith('.test.ts') || name.includes('assembly')) continue;
    for (const pattern of literals(parseAst(readFileSync(join(source, name), 'utf8'), { lang: 'ts' }))) {
      count += 1;
      if (isSlow(pattern)) slow.add(`${name.replaceAll('\\', '/')} ${pattern.source}`);
    }
  }
  expect(count).toBeGreaterThan(500);
  expect([...slow].sort()).toEqual(Object.keys(BOUNDED).sort());
});

it('so do those that are put together when a module is loaded', { tags: 'large', timeout: 120_000 }, async () => {
  const made: Pattern[] = [];
  const Native = RegExp;
  vi.stubGlobal(
    'RegExp',
    new Proxy(Native, {
      construct: (target, args: [string | RegExp, string?]) => {
        const pattern = new target(...args);
        made.push({ source: pattern.source, flags: pattern.flags });
        return pattern;
      },
    }),
  );
  try {
    await import('../../src/cli/program.ts');
    await import('../../src/logs/decode/index.ts');
    await import('../../src/engines/memory/index.ts');
  } finally {
    vi.unstubAllGlobals();
  }
  expect(made.length).toBeGreaterThan(20);
  expect(made.filter(isSlow).map((pattern) => pattern.source)).toEqual([]);
});
