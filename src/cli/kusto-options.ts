import { Option } from 'commander';
import type { KustoPaths } from '../index.ts';
import { UsageError } from './exit.ts';

/** What the command line gives for Kusto queries beside their files. */
export interface KustoArguments {
  readonly watchlist?: readonly string[];
  readonly external?: readonly string[];
  readonly tableSchema?: readonly string[];
  readonly functions?: readonly string[];
  readonly geoip?: string;
}

/** What `loadRules` is given of it. */
export function kustoOptions(given: KustoArguments): { readonly kusto?: KustoPaths } {
  const { watchlist, external, tableSchema, functions, geoip } = given;
  if ([watchlist, external, tableSchema, functions, geoip].every((one) => one === undefined)) return {};
  return {
    kusto: {
      watchlists: new Map((watchlist ?? []).map((text) => named('--watchlist', text))),
      external: new Map((external ?? []).map((text) => named('--external', text))),
      ...(tableSchema && { tableSchemas: tableSchema }),
      ...(functions && { functions }),
      ...(geoip !== undefined && { geoip }),
    },
  };
}

/** `NAME=FILE`; an address may have the sign in itself, so the last one counts. */
function named(option: string, text: string): [name: string, path: string] {
  const at = text.lastIndexOf('=');
  if (at < 1 || at === text.length - 1) throw new UsageError(`${option} ${text} has no name`, 'write it as NAME=FILE');
  return [text.slice(0, at), text.slice(at + 1)];
}

export function kustoCommandOptions(): readonly Option[] {
  return [
    new Option('--watchlist <alias=file...>', 'the rows of a watchlist that Kusto queries read: CSV or JSON'),
    new Option(
      '--external <url=file...>',
      'what stands behind an address that externaldata reads (nothing is fetched)',
    ),
    new Option(
      '--table-schema <file...>',
      'the columns of tables: {TABLE: {cols: [[name, type]]}}, or getschema as TABLE.csv',
    ),
    new Option(
      '--geoip <file>',
      'a MaxMind DB file (.mmdb) that says where addresses are, for geo_info_from_ip_address',
    ),
    new Option('--functions <folder...>', 'saved functions and ASIM parsers that Kusto queries call: YAML or .kql'),
  ];
}
