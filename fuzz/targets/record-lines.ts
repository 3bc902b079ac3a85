import type { Random } from '../engine/random.ts';

const NAMES: readonly string[] = [
  'id',
  'a',
  'b',
  'c',
  'a.b',
  'Image',
  'CommandLine',
  'EventID',
  'User',
  'constructor',
  '__proto__',
  'length',
];

const TEXTS: readonly string[] = [
  ...[
    'x',
    'X',
    'K',
    'k',
    '\u212a',
    'İ',
    'ı',
    'Σ',
    'ς',
    'ß',
    'ſ',
    's',
    'é',
    '😀',
    '\\',
    '"',
    '/',
    '\n',
    '\0',
    '*',
    '',
    ' ',
    'true',
    '10',
    '1e3',
    '10.1.2.3',
    '::1',
  ],
  ...['cmd.exe', 'C:\\Windows\\System32\\CMD.EXE', 'mimikatz', 'MimiKatz', 'powershell -enc', 'whoami /c', 'a b', 'σ'],
];

const NUMBERS: readonly string[] = [
  '0',
  '-0',
  '1',
  '10',
  '1.0',
  '1e3',
  '1E+3',
  '1e-7',
  '1e999',
  '9007199254740993',
  '-9214364837600034816',
  '0.1',
  '01',
  '1.',
];

/** A JSON text, mostly of a record; characters are escaped here and there that need not be. */
export function recordLine(random: Random): string {
  return `{${random.some(6, () => member(random, 2)).join(random.oneIn(20) ? ' , ' : ',')}}`;
}

/** Lines of records of some types, with something else between them here and there. */
export function recordLines(random: Random): string {
  const typed = random.pick(TYPED);
  return random
    .some(12, () => {
      if (random.oneIn(8)) return random.pick(ODD);
      const line = recordLine(random);
      return random.oneIn(2) || line === '{}' ? line : `{${typed},${line.slice(1)}`;
    })
    .join(random.oneIn(10) ? '\r\n' : '\n');
}

/** What makes records be of a type. */
const TYPED: readonly string[] = [
  '"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational"',
  '"EventID":4688,"Channel":"Security"',
  '"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"r","eventTime":"2026-01-01T00:00:00Z"',
  '"p_log_type":"x"',
  '"product":"linux"',
];

const ODD: readonly string[] = [
  '',
  ' ',
  '\r',
  '{',
  '}',
  '[',
  ']',
  'x',
  'null',
  '[{"a":"x"},{"a":"K"}]',
  '{"records":[{"a":"x"}]}',
  '{"Records":[',
  '{"a":"x"}{"a":"x"}',
  ' {"a":"x"}',
  '{"a":"x"},',
];

function member(random: Random, depth: number): string {
  return `"${spelled(random, random.pick(NAMES))}":${value(random, depth)}`;
}

function value(random: Random, depth: number): string {
  const kind = random.below(depth > 0 ? 10 : 7);
  if (kind < 4) return `"${spelled(random, random.pick(TEXTS) + (random.oneIn(3) ? random.pick(TEXTS) : ''))}"`;
  if (kind === 4) return random.pick(NUMBERS);
  if (kind < 7) return random.pick(['true', 'false', 'null']);
  if (kind < 9) return `[${random.some(3, () => value(random, depth - 1)).join(',')}]`;
  return `{${random.some(3, () => member(random, depth - 1)).join(',')}}`;
}

function spelled(random: Random, text: string): string {
  if (random.oneIn(4)) {
    return [...text].map((char) => (random.oneIn(3) ? escaped(char) : JSON.stringify(char).slice(1, -1))).join('');
  }
  return JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('/', random.oneIn(4) ? '\\/' : '/');
}

function escaped(char: string): string {
  return Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
    '',
  );
}
