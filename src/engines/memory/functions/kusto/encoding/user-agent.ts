import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse as parseYaml } from 'yaml';
import { type CompiledRegex, compileRegex } from '../../../../../patterns/regex/index.ts';
import type { Value } from '../../../../../values/value.ts';

/** What is looked for in a user agent, as the query names it. */
const TARGETS = ['browser', 'os', 'device'] as const;
type Target = (typeof TARGETS)[number];

/** Texts that have been taken apart already: the same few come again and again. */
const KEPT = 10_000;
/** Longer texts are no user agents. */
const LONGEST = 2048;

const known = new Map<string, Readonly<Record<string, Value>>>();

/**
 * `parse_user_agent`: the browser, the operating system and the device that a user agent names, by the patterns of ua-parser's uap-core:
 * the first that matches gives the family and its versions. What no pattern knows is `Other`; parts that are not there are empty.
 */
export function parseUserAgent(text: string, wanted: readonly string[]): Value {
  const found: [string, Value][] = [];
  for (const target of TARGETS) {
    if (wanted.includes(target)) found.push([NAMES[target], partsOf(text.slice(0, LONGEST), target)]);
  }
  return found.length === 0 ? null : (Object.fromEntries(found) as Value);
}

const NAMES = { browser: 'Browser', os: 'OperatingSystem', device: 'Device' } as const satisfies Record<Target, string>;

/** The members of each target: the key of its replacement in uap-core, and the group that stands for it otherwise. */
const PARTS: Readonly<Record<Target, readonly (readonly [name: string, replacement: string, group: number])[]>> = {
  browser: [
    ['Family', 'family_replacement', 1],
    ['MajorVersion', 'v1_replacement', 2],
    ['MinorVersion', 'v2_replacement', 3],
    ['Patch', 'v3_replacement', 4],
  ],
  os: [
    ['Family', 'os_replacement', 1],
    ['MajorVersion', 'os_v1_replacement', 2],
    ['MinorVersion', 'os_v2_replacement', 3],
    ['Patch', 'os_v3_replacement', 4],
    ['PatchMinor', 'os_v4_replacement', 5],
  ],
  device: [
    ['Family', 'device_replacement', 1],
    ['Brand', 'brand_replacement', Number.POSITIVE_INFINITY],
    ['Model', 'model_replacement', 1],
  ],
};

function partsOf(text: string, target: Target): Value {
  const key = `${target} ${text}`;
  const before = known.get(key);
  if (before !== undefined) return before as Value;
  const parts = matched(text, target);
  if (known.size >= KEPT) known.clear();
  known.set(key, parts);
  return parts as Value;
}

function matched(text: string, target: Target): Readonly<Record<string, Value>> {
  for (const pattern of patterns()[target]) {
    const groups = pattern.regex()?.groups(text)?.groups;
    if (groups === undefined) continue;
    const fill = (written: string): string =>
      written.replace(/\$(\d)/g, (_, group: string) => groups[Number(group)] ?? '');
    return Object.fromEntries(
      PARTS[target].map(([name, replacement, group]) => {
        const written = pattern.replacements[replacement];
        return [name, (written === undefined ? (groups[group] ?? '') : fill(written)).trim()];
      }),
    );
  }
  return Object.fromEntries(PARTS[target].map(([name]) => [name, name === 'Family' ? 'Other' : '']));
}

interface Pattern {
  readonly replacements: Readonly<Record<string, string>>;
  /** Compiled when it is first needed. */
  readonly regex: () => CompiledRegex | undefined;
}

let read: Readonly<Record<Target, readonly Pattern[]>> | undefined;

function patterns(): Readonly<Record<Target, readonly Pattern[]>> {
  if (read !== undefined) return read;
  const path = createRequire(import.meta.url).resolve('uap-core/regexes.yaml');
  const file = parseYaml(readFileSync(path, 'utf8')) as Readonly<
    Record<string, readonly Readonly<Record<string, string>>[]>
  >;
  const of = (key: string): readonly Pattern[] => (file[key] ?? []).map(pattern);
  read = { browser: of('user_agent_parsers'), os: of('os_parsers'), device: of('device_parsers') };
  return read;
}

function pattern(entry: Readonly<Record<string, string>>): Pattern {
  let compiled: CompiledRegex | undefined;
  let isTried = false;
  const regex = (): CompiledRegex | undefined => {
    if (isTried) return compiled;
    isTried = true;
    const ignoreCase = entry['regex_flag'] === 'i';
    const found = compileRegex(entry['regex'] ?? '', { flavour: 'pcre', ignoreCase, flags: '', anchored: false });
    if (found.ok) compiled = found.regex;
    return compiled;
  };
  return { replacements: entry, regex };
}
