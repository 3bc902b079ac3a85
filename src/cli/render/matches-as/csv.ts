import { stringifyJson } from '../../../base/json.ts';
import type { Match } from '../../../index.ts';
import { titleOf } from './title.ts';
import type { MatchWriter } from './writer.ts';

const COLUMNS: Readonly<Record<string, (match: Match) => string | number | undefined>> = {
  time: ({ time }) => time,
  severity: ({ rule, severity }) => severity ?? rule.severity,
  title: titleOf,
  rule_name: ({ rule }) => rule.name,
  rule_id: ({ rule }) => rule.id,
  rule_file: ({ rule }) => rule.file,
  format: ({ rule }) => rule.format,
  techniques: ({ rule }) => rule.techniques.join(' '),
  tags: ({ rule }) => rule.tags.join(' '),
  log_type: ({ record }) => record?.logType,
  file: ({ record }) => record?.source.file,
  line: ({ record }) => record?.source.line,
  record: ({ record }) => record?.source.record,
  alert: ({ alert }) => alert?.id,
  fields: ({ fields }) => fields && stringifyJson(fields),
  event: ({ record }) => record && stringifyJson(record.event),
};

/** RFC 4180, but with bare line ends: a header, a row for each match; what the rule made of it and the event are JSON in their columns. */
export function csvWriter(): MatchWriter {
  const head = row(Object.keys(COLUMNS));
  let isBegun = false;
  return {
    match: (match) => {
      const written = row(Object.values(COLUMNS).map((of) => of(match)));
      const before = isBegun ? '' : head;
      isBegun = true;
      return before + written;
    },
    end: () => (isBegun ? '' : head),
  };
}

function row(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map(cell).join(',')}\n`;
}

function cell(value: string | number | undefined): string {
  if (value === undefined) return '';
  const text = harmless(String(value));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Spreadsheets take what begins so for a formula, and logs are written by attackers, too. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
