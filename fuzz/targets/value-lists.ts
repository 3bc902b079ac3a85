import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceText } from '../../src/base/source-text.ts';
import { elasticFormat } from '../../src/formats/elastic/elastic.ts';
import { loadBeside } from '../../src/rules/given/beside-rules.ts';
import { hold, type Target } from '../engine/target.ts';
import { holdDiagnostics } from './oracles.ts';
import { contextOf, holdOutcomes } from './rule-file.ts';
import { targetOf } from './target-of.ts';

const rule =
  '[rule]\nrule_id = "i"\nname = "n"\ndescription = "d"\nseverity = "low"\nrisk_score = 21\ntype = "query"\nlanguage = "kuery"\nquery = "a:b"\n[[rule.exceptions_list]]\nid = "x"\nlist_id = "l"\ntype = "detection"\nnamespace_type = "single"\n';

const item = (entry: string): string =>
  `{"list_id":"l","item_id":"i","name":"n","type":"simple","namespace_type":"single","entries":[${entry}]}`;

const folder = mkdtempSync(join(tmpdir(), 'dragoman-fuzz-'));
const paths = { exceptions: join(folder, 'exceptions.ndjson'), values: join(folder, 'values.txt') };

const target: Target = targetOf({
  name: 'value-lists',
  about:
    'exceptions and lists of values beside Elastic rules: the same text as both, applied to a rule that names them',
  seeds: [
    item('{"field":"user.name","operator":"included","type":"match","value":"root"}'),
    item('{"field":"source.ip","operator":"excluded","type":"match_any","value":["10.0.0.1","::1"]}'),
    item('{"field":"a","operator":"included","type":"list","list":{"id":"v","type":"ip_range"}}'),
    item(
      '{"field":"n","type":"nested","entries":[{"field":"x","operator":"included","type":"exists"},{"field":"y","operator":"included","type":"wildcard","value":"a*?"}]}',
    ),
    '10.0.0.1\n10.0.0.0/8\n10.0.0.1-10.0.0.9\nroot\n\n * \n',
    '{"list":{"list_id":"l"}}\n{"_version":"x","list_id":"l","entries":[]}\n',
  ],
  words: [
    '"included"',
    '"excluded"',
    '"match"',
    '"match_any"',
    '"list"',
    '"exists"',
    '"wildcard"',
    '"nested"',
    '"entries":',
    '"field":',
    '"value":',
    '"os_types":["windows"]',
    '"expire_time":"2026-01-01T00:00:00Z"',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    'null',
    '\n',
    '10.0.0.0/8',
  ],
  short: 150,
  functions: { loadBeside },
  // What is excluded from an exception is forgotten, and with it the file's own faults.
  planted: () => ({
    loadBeside: async (given: Parameters<typeof loadBeside>[0], sources: Map<string, SourceText>) => {
      const loaded = await loadBeside(given, sources);
      const text = sources.get(paths.exceptions)?.text ?? '';
      return text.includes('"nested"') ? { ...loaded, parts: {} } : loaded;
    },
  }),
  async check(input, { loadBeside }) {
    writeFileSync(paths.exceptions, input);
    writeFileSync(paths.values, input);
    const sources = new Map<string, SourceText>();
    const given = { exceptions: [paths.exceptions], valueLists: new Map([['v', paths.values]]) };
    const { parts, diagnostics } = await loadBeside(given, sources);
    const text = sources.get(paths.exceptions)?.text ?? '';
    holdDiagnostics(diagnostics, text, paths.exceptions);
    hold(parts.beside !== undefined, 'lists were given, and there are none');
    const context = { ...contextOf({}), ...parts };
    holdOutcomes(elasticFormat, 'r.toml', rule, context);
  },
});

export default target;
