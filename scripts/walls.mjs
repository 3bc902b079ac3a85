// `npm run walls`: writes the one table of folders into the lint rules (biome.json) and docs/architecture.md; `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './ready.mjs';

/** What each folder under src/ holds, and which folders it may import: only such as stand above it here. */
export const folders = [
  ['base', 'spans, source texts, diagnostics and their catalogue, JSON, the parser toolkit', []],
  ['values', 'values, moments and how they are read, canonical text, comparison, keys, date math', ['base']],
  ['state', 'keyed state, watermarks, checkpoints: what operators over time remember', ['base', 'values']],
  ['patterns', 'matchers of text: regexes in linear time, CIDR, terms', ['base', 'values']],
  ['ir', 'expressions, plans, rules, views, traversal, printing', ['base', 'values', 'patterns']],
  [
    'passes',
    'IR to IR: the passes, what they know of plans, and the pipeline that orders them',
    ['base', 'values', 'patterns', 'ir'],
  ],
  ['schemas', 'what each schema knows of its fields: names and types', ['base', 'values', 'patterns', 'ir']],
  ['logs', 'decoding, log types, shapes, views', ['base', 'values', 'patterns', 'ir', 'passes', 'schemas']],
  [
    'languages',
    'kuery, lucene, eql, esql, kusto, sigma, panther, json-path, python: lexer, parser, lowering; never each other',
    ['base', 'values', 'patterns', 'ir'],
  ],
  [
    'formats',
    'rule files: Elastic TOML and NDJSON, Panther, Sigma, Sentinel and Defender',
    ['base', 'values', 'patterns', 'ir', 'languages'],
  ],
  [
    'engines',
    'memory (the reference), stream, sql (DuckDB), python, their port; never a language, but for Python rules',
    ['base', 'values', 'patterns', 'ir', 'passes', 'state', 'logs'],
  ],
  [
    'rules',
    'finds, loads and resolves rules of every format',
    ['base', 'values', 'patterns', 'ir', 'passes', 'schemas', 'logs', 'languages', 'formats', 'engines'],
  ],
  [
    'alerts',
    'match to alert: what an alert says, which matches are one, what drops; schedules',
    ['base', 'values', 'patterns', 'ir', 'passes', 'state', 'logs', 'engines'],
  ],
  [
    'detect',
    'runs rules over records and lines',
    ['base', 'values', 'patterns', 'ir', 'passes', 'state', 'logs', 'engines', 'alerts'],
  ],
  [
    'explain',
    'why a rule matches or does not',
    ['base', 'values', 'patterns', 'ir', 'passes', 'logs', 'engines', 'alerts', 'detect'],
  ],
  [
    'verify',
    'the rules’ own tests',
    ['base', 'values', 'patterns', 'ir', 'passes', 'logs', 'formats', 'engines', 'rules', 'alerts', 'detect'],
  ],
  [
    'query',
    'one query over logs or tables',
    [
      'base',
      'values',
      'patterns',
      'ir',
      'passes',
      'schemas',
      'logs',
      'languages',
      'formats',
      'engines',
      'rules',
      'alerts',
      'detect',
    ],
  ],
  [
    'catalog',
    'what can be said of rules: lint, profiles',
    [
      'base',
      'values',
      'patterns',
      'ir',
      'passes',
      'schemas',
      'logs',
      'languages',
      'formats',
      'engines',
      'rules',
      'alerts',
      'detect',
      'explain',
    ],
  ],
  ['server', undefined, ['base']],
  ['cli', 'the command line, over what `src/index.ts` exports', ['base']],
];

const languages = ['kuery', 'lucene', 'eql', 'esql', 'kusto', 'sigma', 'panther', 'json-path', 'python'];
const names = folders.map(([name]) => name);

function wall(folder, may, message, more = []) {
  const own = folder.split('/')[0];
  const barred = names.filter((name) => name !== own && !may.includes(name)).map((name) => `../**/${name}/**`);
  return {
    includes: [`**/src/${folder}/**`, '!**/*.test.ts'],
    linter: {
      rules: {
        style: {
          noRestrictedImports: { level: 'error', options: { patterns: [{ message, group: [...barred, ...more] }] } },
        },
      },
    },
  };
}

function lintRules() {
  const rules = [];
  for (const [name, , may] of folders) {
    const faces = name === 'cli' || name === 'server';
    const allowed = faces ? 'base and the public entry points' : may.length === 0 ? 'nothing' : may.join(', ');
    const message = `src/${name} may import ${allowed}`;
    if (name === 'languages') {
      for (const one of languages) {
        const others = languages.filter((other) => other !== one).map((other) => `../**/${other}/**`);
        rules.push(
          wall(`languages/${one}`, may, `src/languages/${one} may import ${allowed}; never another language`, others),
        );
      }
    } else {
      rules.push(wall(name, may, message));
    }
    if (name === 'engines') {
      const others = languages.filter((other) => other !== 'python').map((other) => `../**/languages/${other}/**`);
      rules.push(
        wall(
          'engines/python',
          [...may, 'languages'],
          `src/engines/python may import ${allowed}, languages/python`,
          others,
        ),
      );
    }
  }
  return rules;
}

function table() {
  const shown = folders.filter(([, holds]) => holds !== undefined);
  const lines = shown.map(([name, holds, may]) => {
    const after = name === 'cli' ? 'base, `src/index.ts`' : may.length === 0 ? 'nothing' : may.join(', ');
    return `| \`src/${name}\` | ${holds} | ${after} |`;
  });
  return ['| folder | holds | may import |', '|---|---|---|', ...lines].join('\n');
}

const wanted = new Map();
const config = join(root, 'biome.json');
wanted.set(
  config,
  `${JSON.stringify({ ...JSON.parse(readFileSync(config, 'utf8')), overrides: lintRules() }, null, 2)}\n`,
);
const page = join(root, 'docs', 'architecture.md');
const marked = /(<!-- folders -->\n)[\s\S]*?(\n<!-- \/folders -->)/;
wanted.set(
  page,
  readFileSync(page, 'utf8').replace(marked, (_, start, end) => start + table() + end),
);
const stale = [...wanted].filter(([file, text]) => readFileSync(file, 'utf8') !== text);
if (process.argv.includes('--check')) {
  for (const [file] of stale) console.error(`${file} is not what scripts/walls.mjs writes: run npm run walls`);
  process.exit(stale.length === 0 ? 0 : 1);
}
for (const [file, text] of stale) writeFileSync(file, text);
