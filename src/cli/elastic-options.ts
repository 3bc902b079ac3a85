import { type BesidePaths, type GivenIndex, indexType, loadIndexMapping, type RequestedRun } from '../index.ts';
import { UsageError } from './exit.ts';
import type { Io } from './io.ts';
import { parseTime } from './options.ts';
import { writeDiagnostics } from './render/report.ts';

/** What the command line says of indices, of runs, and of what Elastic keeps beside rules. */
export interface ElasticArguments {
  readonly index?: readonly string[];
  readonly indexMapping?: readonly string[];
  readonly exceptions?: readonly string[];
  readonly valueList?: readonly string[];
}

export interface RunTimes {
  readonly at?: readonly string[];
  readonly manual?: readonly string[];
}

const SHOWN_DIAGNOSTICS = 20;

/** `failed`: some file cannot be read. */
export async function elasticOptions(
  given: ElasticArguments,
  io: Io,
): Promise<{
  readonly beside: BesidePaths | undefined;
  readonly indices: readonly GivenIndex[];
  readonly failed: boolean;
}> {
  const files = (given.indexMapping ?? []).map((text) => ({
    name: text.includes('=') ? text.slice(0, text.indexOf('=')) : undefined,
    path: text.slice(text.indexOf('=') + 1),
  }));
  const read = await Promise.all(files.map(async ({ name, path }) => ({ name, ...(await loadIndexMapping(path)) })));
  const diagnostics = read.flatMap((one) => one.diagnostics);
  await writeDiagnostics(io, diagnostics, new Map(), SHOWN_DIAGNOSTICS, 'the others are of the same kinds');
  const indexMappings = read.flatMap(({ name, mapping }) => (mapping === undefined ? [] : [{ name, mapping }]));
  const valueLists = new Map((given.valueList ?? []).map((text) => named('--value-list', text)));
  const isBeside = indexMappings.length > 0 || valueLists.size > 0 || given.exceptions !== undefined;
  const paths = new Map<string, string[]>();
  for (const [name, path] of (given.index ?? []).map((text) => named('--index', text))) {
    paths.set(name, [...(paths.get(name) ?? []), path]);
  }
  return {
    beside: isBeside ? { exceptions: given.exceptions ?? [], valueLists, indexMappings } : undefined,
    indices: [...paths].map(([name, of]) => {
      const mapping =
        indexMappings.find((one) => one.name === name) ?? indexMappings.find((one) => one.name === undefined);
      return { paths: of, type: indexType(name, mapping?.mapping) };
    }),
    failed: diagnostics.some(({ severity }) => severity === 'error'),
  };
}

/** `NAME=PATH` */
function named(option: string, text: string): [name: string, path: string] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new UsageError(`${option} ${text} has no name`, `write it as NAME=FILE`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** What rules are loaded with. */
export function besideOptions(beside: BesidePaths | undefined): { readonly beside?: BesidePaths } {
  return beside === undefined ? {} : { beside };
}

/** The runs that are asked for, in the order of their ends; of documents of an index without any, all is one run. */
export function requestedRuns({ at, manual }: RunTimes, hasIndices: boolean): readonly RequestedRun[] | undefined {
  const times = (at ?? []).map((text): RequestedRun => ({ kind: 'at', at: parseTime('--at', text) }));
  const stretches = (manual ?? []).map(stretch);
  if (times.length === 0 && stretches.length === 0) return hasIndices ? [{ kind: 'range' }] : undefined;
  return [...times, ...stretches];
}

/** `FROM..TO` */
function stretch(text: string): RequestedRun {
  const [from, to, ...more] = text.split('..');
  if (from === undefined || to === undefined || more.length > 0) {
    throw new UsageError(
      `--manual ${text} is not a stretch of time`,
      'write it as 2026-02-06T12:00:00Z..2026-02-06T13:00:00Z',
    );
  }
  return { kind: 'manual', from: parseTime('--manual', from), to: parseTime('--manual', to) };
}
