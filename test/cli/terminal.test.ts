import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeText } from '../../src/cli/safe-output.ts';
import { dragoman, folder, lines } from './harness.ts';

/** C0, DEL, C1, what turns the direction of text, what is not seen; also as a terminal's own commands. */
const HOSTILE = [
  '\u0000\u0007\u0008\u000b\u001f\u007f',
  '\u0080\u0085\u009b31m\u009d0;x\u009c',
  '\u001b[31mRED\u001b]0;title\u0007\u001b[2J',
  '\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069',
  '\u00ad\u034f\u115f\u180e\u200b\u200c\u200d\u2060\u2064\u206f\u3164\ufeff\uffa0\ufff9',
  '\u2028\u2029\u{e0001}\u{e0041}\u{e0100}',
];
/** Spelled out here, so that what the product leaves out of its own list is noticed. */
const RANGES = [
  '0000-0008 000b-001f 007f-009f 00ad 034f 061c 115f-1160 180e 200b-200f 2028-202e 2060-206f 3164 feff ffa0 fff9-fffb e0000-e0fff',
].flatMap((all) => all.split(' ').map((range) => range.split('-').map((one) => Number.parseInt(one, 16))));

/** What of a text no terminal must be given. */
function unsafeIn(written: string): string[] {
  return [...written]
    .map((character) => character.codePointAt(0) ?? 0)
    .filter((code) => RANGES.some(([from = 0, to = from]) => code >= from && code <= to))
    .map((code) => code.toString(16));
}

const text = HOSTILE.join('a');
// What YAML holds in an escape of its own.
const quoted = JSON.stringify(text).replace(
  /[\u007f-\uffff]/g,
  (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
);
const yamlText = quoted.replace(/\\ud[89ab]..\\ud[c-f]../g, '\\U000e0001');

const event = JSON.stringify({ F: `x${text}`, [text]: text });

function hostileFolder(): string {
  const name = `r${HOSTILE.slice(1).join('').replaceAll('\u0000', '')}.yml`;
  return folder({
    [`rules/${name}`]: lines(
      `title: ${yamlText}`,
      `id: ${yamlText}`,
      'logsource: {category: x}',
      `tags: [${yamlText}]`,
      'detection:',
      `  s: {F|contains: [x, ${yamlText}]}`,
      `  n: {${yamlText}: y}`,
      '  condition: s and not n',
      'level: high',
    ),
    'rules/broken.yml': lines(
      `title: ${yamlText}`,
      'logsource: {category: x}',
      'detection:',
      '  s: {F: x}',
      `  condition: ${yamlText}`,
    ),
    [`rules/${name}.tests.yml`.replace('.yml.tests', '.tests')]: lines(
      'tests:',
      `  - {name: ${yamlText}, event: {F: ${yamlText}}, match: false, log_source: {category: x}}`,
    ),
    'logs/a.ndjson': lines(event, `{"x": ${text}}`, text),
    'query.kql': `print x = ${JSON.stringify(text)}, ['${text}'] = 1 |`,
  });
}

describe('what rules, logs and file names hold', () => {
  it.each([
    ['run', 'table'],
    ['run', 'ndjson'],
    ['run', 'json'],
    ['run --alerts', 'table'],
    ['check', 'table'],
    ['check', 'json'],
    ['lint', 'table'],
    ['lint', 'json'],
    ['lint', 'sarif'],
    ['test', 'table'],
    ['test', 'json'],
    ['test', 'junit'],
    ['explain', 'text'],
    ['explain', 'json'],
    ['show', 'text'],
    ['show', 'json'],
    ['query', 'table'],
    ['query', 'json'],
    ['query', 'ndjson'],
  ])('never reaches a terminal or a file raw: %s --format %s', async (command, format) => {
    const root = hostileFolder();
    const [name = '', ...options] = command.split(' ');
    const source = ['--log-source', 'category=x'];
    const args: Readonly<Record<string, readonly string[]>> = {
      run: ['--rules', `${root}/rules`, '--logs', `${root}/logs`, ...source],
      check: [`${root}/rules`],
      lint: [`${root}/rules`],
      test: [`${root}/rules`],
      explain: ['--rule', `${root}/rules`, '--event', `${root}/logs/a.ndjson`, ...source],
      show: [`${root}/rules`],
      query: ['--language', 'kuery', `F: *`, '--logs', `${root}/logs`],
    };
    for (const terminal of [true, false]) {
      const env = terminal ? { NO_COLOR: '1' } : {};
      const { out, err } = await dragoman([name, ...options, ...(args[name] ?? []), '--format', format], {
        terminal,
        env,
      });
      expect(unsafeIn(out)).toEqual([]);
      expect(unsafeIn(err)).toEqual([]);
      // Nothing of it is lost where a program reads it.
      if (format === 'ndjson') expect(JSON.parse(out.split('\n')[0] ?? '')).toMatchObject({ event: { F: `x${text}` } });
    }
  });

  it('also where the command line itself is wrong', async () => {
    for (const args of [['run', '--rules', text], [text], ['query', '--language', 'kusto', text], ['check', text]]) {
      const { out, err } = await dragoman(args, { terminal: true, env: { NO_COLOR: '1' } });
      expect(unsafeIn(out + err)).toEqual([]);
    }
  });

  it('is not taken for our own colours', async () => {
    const root = folder({ 'logs/a.ndjson': lines('{"F":"\\u001b[31mRED"}') });
    const asked = ['query', '--language', 'kuery', 'F: *', '--logs', `${root}/logs`];
    const { out } = await dragoman(asked, { terminal: true });
    expect(out).toContain('RED');
    expect(out).not.toContain('\u001b[31mRED');
  });
});

describe('safeText', () => {
  it('leaves what is safe, and the value of JSON', { tags: 'large' }, () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), (json) => {
        const safe = safeText(json, 'json', false);
        expect(unsafeIn(safe)).toEqual([]);
        expect(JSON.parse(safe)).toEqual(JSON.parse(json));
      }),
    );
    expect(safeText('grün 東京 👍️\n\tx', 'text', false)).toBe('grün 東京 👍️\n\tx');
  });

  it('lets our own colours pass only where there are any', () => {
    expect(safeText('\u001b[31mx\u001b[39m', 'text', true)).toBe('\u001b[31mx\u001b[39m');
    expect(safeText('\u001b[31mx', 'text', false)).toBe('·[31mx');
    expect(safeText('\u001b[5mx', 'text', true)).toBe('·[5mx');
  });
});
