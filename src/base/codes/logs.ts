import { type Entries, error, warning } from './entry.ts';

/** Logs that cannot be read, whole or in part. `line` counts from 1. None of these stops a run. */
export interface LogsCodes {
  'logs/unreadable': { file: string; reason: string };
  'logs/no-files': { path: string };
  'logs/dangling-link': { file: string };
  'logs/not-a-file': { file: string };
  'logs/binary': { file: string; format: string };
  'logs/archive': { file: string };
  'logs/damaged': { file: string; compression: string; bytes: number; line: number; reason: string };
  'logs/truncated': { file: string; size: number; left: number };
  'logs/csv': { file: string; line: number; reason: string };
  'logs/not-json': { file: string; line: number; reason: string };
  'logs/not-an-object': { file: string; line: number; found: string };
  'logs/too-long': { file: string; line: number; limit: number };
  'logs/too-deep': { file: string; line: number; limit: number };
  'logs/more-undecodable': { file: string; count: number };
  'logs/evtx-header': { file: string; reason: string };
  'logs/evtx-chunk': { file: string; chunk: number; offset: number; reason: string };
  'logs/evtx-record': { file: string; line: number; chunk: number; offset: number; reason: string };
  'logs/evtx-gap': { file: string; chunk: number; offset: number; reason: string };
  'logs/evtx-short': { file: string; chunks: number; expected: number };
  'logs/invalid-utf8': { file: string; line: number; count: number };
  'logs/worker': { reason: string };
}

export const logsCodes: Entries<LogsCodes> = {
  'logs/unreadable': error((p) => `cannot read ${p.file}: ${p.reason}`),
  'logs/no-files': error(
    (p) => `no log files found at ${p.path}`,
    () => 'give a file, a folder, a quoted glob, or - for standard input',
  ),
  'logs/dangling-link': warning((p) => `${p.file} is a link to a file that does not exist`),
  'logs/not-a-file': warning((p) => `${p.file} is neither a file nor a folder, skipped`),
  'logs/binary': warning(
    (p) => `${p.file} is not a log that can be read: it looks like ${p.format}`,
    () =>
      'logs are JSON, auditd or syslog lines, or Windows event logs (EVTX), plain, compressed, or in archives (tar, zip)',
  ),
  'logs/archive': warning(
    (p) => `${p.file} is an archive in too many others, not read`,
    () => 'unpack it, and give the folder with its files',
  ),
  'logs/damaged': error(
    (p) =>
      `${p.file} is damaged (${p.compression}: ${p.reason}); read up to byte ${p.bytes} of its content, line ${p.line}`,
    () => 'everything before the damage was read',
  ),
  'logs/truncated': error(
    (p) => `${p.file} was truncated while it was read, from ${p.size} to ${p.left} bytes`,
    () => 'what was read before was used; read a copy, or the rotated file',
  ),
  'logs/csv': warning(
    (p) => `${p.file}:${p.line}: not a row of the table: ${p.reason}`,
    () => 'every other row was read',
  ),
  'logs/not-json': warning((p) => `${p.file}:${p.line}: not a log record: ${p.reason}`),
  'logs/not-an-object': warning((p) => `${p.file}:${p.line}: a record must be a JSON object, found ${p.found}`),
  'logs/too-long': warning((p) => `${p.file}:${p.line}: a record or line longer than ${p.limit} characters, skipped`),
  'logs/too-deep': warning((p) => `${p.file}:${p.line}: nested deeper than ${p.limit} levels, skipped`),
  'logs/more-undecodable': warning((p) => `${p.file}: ${p.count} more such places, counted but not shown`),
  'logs/evtx-header': warning(
    (p) => `${p.file}: the event log's header is damaged: ${p.reason}`,
    () => 'its chunks were read all the same',
  ),
  'logs/evtx-chunk': warning(
    (p) => `${p.file}: chunk ${p.chunk} of the event log is damaged at byte ${p.offset} of the file: ${p.reason}`,
    () => 'its records were read all the same, as far as they can be',
  ),
  'logs/evtx-record': warning(
    (p) =>
      `${p.file}: record ${p.line} of the event log cannot be read (chunk ${p.chunk}, byte ${p.offset} of the file): ${p.reason}`,
  ),
  'logs/evtx-gap': error(
    (p) =>
      `${p.file}: records of the event log are lost in chunk ${p.chunk}, from byte ${p.offset} of the file on: ${p.reason}`,
    () => 'everything before, and what could be found behind it, was read',
  ),
  'logs/evtx-short': error(
    (p) => `${p.file}: the event log ends after ${p.chunks} of ${p.expected} chunks`,
    () => 'everything before the end was read',
  ),
  'logs/invalid-utf8': warning(
    (p) => `${p.file}: ${p.count} line(s) are not valid UTF-8, the first is line ${p.line}; bad bytes became U+FFFD`,
  ),
  'logs/worker': warning(
    (p) => `a worker ended before its time: ${p.reason}`,
    () => 'nothing is lost, its lines were read by the main thread; with --workers 1 there are no others',
  ),
};
