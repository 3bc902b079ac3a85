import { describe, expect, it } from 'vitest';
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { sourceText } from '../../base/source-text.ts';
import { diagnosticJson, renderDiagnostic } from './diagnostics.ts';
import { sarifLog } from './sarif.ts';
import { coloured, plain } from './style.ts';

/** Renders a diagnostic about the part of the text between `⟦` and `⟧`; `⟨` and `⟩` mark a second place. */
function rendered(
  marked: string,
  options: { label?: string; hints?: string[]; columns?: number; fix?: string } = {},
): string {
  const { found, sources } = about(marked, options);
  return renderDiagnostic(found, sources, plain, options.columns ?? 80);
}

function about(marked: string, options: { label?: string; hints?: string[]; fix?: string } = {}) {
  const text = marked.replace(/[⟦⟧⟨⟩]/g, '');
  const at = (mark: string) => marked.slice(0, marked.indexOf(mark)).replace(/[⟦⟧⟨⟩]/g, '').length;
  const source = sourceText('rules/a.toml', text);
  const span = source.span(at('⟦'), at('⟧'));
  const found: Diagnostic = diagnostic('input/missing-key', { key: 'query' }, span, {
    ...(options.label === undefined ? {} : { label: options.label }),
    ...(options.hints === undefined ? {} : { hints: options.hints }),
    ...(marked.includes('⟨') ? { context: [{ span: source.span(at('⟨'), at('⟩')), text: 'here too' }] } : {}),
    ...(options.fix === undefined ? {} : { fixes: [{ title: 'replace it', edits: [{ span, text: options.fix }] }] }),
  });
  return { found, sources: new Map([[source.name, source]]) };
}

describe('renderDiagnostic', () => {
  it('shows place, code, message and carets with a label', () => {
    expect(rendered('a = 1\nevent.outcome:(Success or ⟦sucess⟧)\n', { label: 'no such value' })).toBe(
      [
        'rules/a.toml:2:27: error input/missing-key: `query` is missing',
        '  2 | event.outcome:(Success or sucess)',
        '    |                           ^^^^^^ no such value',
      ].join('\n'),
    );
  });

  it('sets tabs to four columns in line and carets alike', () => {
    expect(rendered('\tx\t⟦yy⟧').split('\n').slice(1)).toEqual(['  1 |     x    yy', '    |          ^^']);
  });

  it('counts wide characters twice and combining marks not at all', () => {
    expect(rendered('日本 e\u0301 ⟦値⟧ z').split('\n').slice(1)).toEqual([
      '  1 | 日本 e\u0301 値 z',
      '    |        ^^',
    ]);
  });

  it('puts one caret under an empty span, also at the end of a line and of the file', () => {
    expect(rendered('ab⟦⟧cd').split('\n')[2]).toBe('    |   ^');
    expect(rendered('ab⟦⟧\ncd').split('\n').slice(1)).toEqual(['  1 | ab', '    |   ^']);
    expect(rendered('ab\n⟦⟧').split('\n').slice(1)).toEqual(['  2 |', '    | ^']);
  });

  it('cuts a long line around the place', () => {
    const out = rendered(`${'a'.repeat(200)}⟦needle⟧${'b'.repeat(200)}`, { columns: 60 }).split('\n');
    expect(out[1]).toBe(`  1 | …${'a'.repeat(24)}needle${'b'.repeat(22)}…`);
    expect(out[2]).toBe(`    | ${' '.repeat(25)}^^^^^^`);
  });

  it('cuts wide characters without losing the place', () => {
    const out = rendered(`${'語'.repeat(90)}⟦needle⟧${'語'.repeat(90)}`, { columns: 60 }).split('\n');
    const line = out[1] ?? '';
    const before = line.slice('  1 | '.length, line.indexOf('needle'));
    const width = [...before].reduce((sum, character) => sum + (character === '…' ? 1 : 2), 0);
    expect(out[2]).toBe(`    | ${' '.repeat(width)}^^^^^^`);
  });

  it('shows a span over several lines, and only the ends of a very long one', () => {
    expect(rendered('x ⟦a\n  b\n\n  c⟧ y').split('\n').slice(1)).toEqual([
      '  1 | x a',
      '    |   ^',
      '  2 |   b',
      '    |   ^',
      '    …',
      '  4 |   c y',
      '    |   ^',
    ]);
    const long = rendered(`⟦${Array.from({ length: 20 }, (_, index) => `line ${index}`).join('\n')}⟧`);
    expect(long.match(/\n +\d+ \|/g)).toHaveLength(3);
    expect(long).toContain('20 | line 19');
  });

  it('does not run into the next line when the span ends with the line', () => {
    expect(rendered('⟦ab\n⟧cd').split('\n').slice(1)).toEqual(['  1 | ab', '    | ^^']);
  });

  it('shows a second place in its own line, with dashes', () => {
    expect(rendered('⟨first⟩\nmiddle\nmiddle\n⟦again⟧').split('\n').slice(1)).toEqual([
      '  1 | first',
      '    | ----- here too',
      '    …',
      '  4 | again',
      '    | ^^^^^',
    ]);
  });

  it('ends with hints and the lines that a fix makes', () => {
    expect(
      rendered('q = ⟦"a*"⟧\n', { hints: ['did you mean `x`?'], fix: 'a*' })
        .split('\n')
        .slice(3),
    ).toEqual(['  hint: did you mean `x`?', '  fix: replace it', '  1 + q = a*']);
  });

  it('lets nothing from a file steer the terminal', () => {
    const out = rendered('\u001b[31m⟦x\u202e⟧\u0007\r\n');
    for (const bad of ['\u001b', '\u202e', '\u0007', '\r']) expect(out).not.toContain(bad);
    expect(out.split('\n')[1]).toBe('  1 | ·[31mx··');
  });

  it('names the file alone when the text is not known, and nothing when there is no place', () => {
    const { found } = about('⟦x⟧');
    expect(renderDiagnostic(found, new Map(), plain, 80)).toBe(
      'rules/a.toml: error input/missing-key: `query` is missing',
    );
    expect(renderDiagnostic({ ...found, labels: [] }, new Map(), plain, 80)).toBe(
      'error input/missing-key: `query` is missing',
    );
  });

  it('colours only when asked', () => {
    const { found, sources } = about('⟦x⟧');
    expect(renderDiagnostic(found, sources, coloured, 80)).toContain('\u001b[31merror\u001b[39m');
  });
});

describe('machine forms', () => {
  it('gives places from 1 in JSON', () => {
    const { found, sources } = about('a\n ⟦b⟧', { fix: 'c' });
    expect(diagnosticJson(found, sources)).toMatchObject({
      code: 'input/missing-key',
      severity: 'error',
      file: 'rules/a.toml',
      line: 2,
      column: 2,
      end_line: 2,
      end_column: 3,
      fixes: [{ title: 'replace it', edits: [{ line: 2, column: 2, text: 'c' }] }],
    });
  });

  it('gives SARIF with regions, levels and fixes', () => {
    const { found, sources } = about('⟨a⟩\n ⟦b⟧', { fix: 'c', hints: ['try'] });
    const log = JSON.parse(JSON.stringify(sarifLog([found], sources, '1.2.3')));
    expect(log.version).toBe('2.1.0');
    expect(log.runs[0].tool.driver).toEqual({
      name: 'dragoman',
      version: '1.2.3',
      rules: [{ id: 'input/missing-key' }],
    });
    const region = { startLine: 2, startColumn: 2, endLine: 2, endColumn: 3, charOffset: 3, charLength: 1 };
    expect(log.runs[0].results).toEqual([
      {
        ruleId: 'input/missing-key',
        ruleIndex: 0,
        level: 'error',
        message: { text: '`query` is missing\nHint: try' },
        locations: [{ physicalLocation: { artifactLocation: { uri: 'rules/a.toml' }, region } }],
        relatedLocations: [
          {
            id: 0,
            physicalLocation: {
              artifactLocation: { uri: 'rules/a.toml' },
              region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2, charOffset: 0, charLength: 1 },
            },
            message: { text: 'here too' },
          },
        ],
        fixes: [
          {
            description: { text: 'replace it' },
            artifactChanges: [
              {
                artifactLocation: { uri: 'rules/a.toml' },
                replacements: [{ deletedRegion: region, insertedContent: { text: 'c' } }],
              },
            ],
          },
        ],
      },
    ]);
  });
});
