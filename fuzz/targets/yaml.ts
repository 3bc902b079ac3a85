import { sourceText } from '../../src/base/source-text.ts';
import { readYaml, type YamlNode } from '../../src/formats/source/yaml-source.ts';
import { readConfig } from '../../src/rules/read-config.ts';
import { hold } from '../engine/target.ts';
import { holdDiagnostics } from './oracles.ts';
import { textTargetOf } from './target-of.ts';

/** Nodes that are looked at: aliases make many of few. */
const MOST_NODES = 20_000;

export default textTargetOf({
  name: 'yaml',
  about:
    'YAML as rule files and the configuration are read: places of every node and of every character of a text are in the file',
  seeds: [
    'a: b\nc:\n  - d\n  - {e: f, "g": [1, 2]}\nh: |\n  i\n   j\n\nk: >-\n  l\n  m\n',
    'a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: !!str 5\n---\nf: "\\u0041\\n"\n...\n# comment\n',
    'logSources:\n  - keys: [eventType, published]\n    values: {version: 0}\n    logType: Okta.SystemLog\n    product: okta\n',
    "? complex\n: value\n\"quoted key\": 'it''s'\n- wrong\n",
    'a: 2026-01-01\nb: 0x1F\nc: 1_000\nd: ~\ne: .inf\nf: yes\n',
  ],
  words: [
    ...'- |: |? |& |* |! || > |>- |[|]|{|}|,|#|%|@|`|"|\'|\\|---\n|...\n|<<: |!!str|!!binary|&a|*a|~|null|true|.nan|0o7|2026-01-01|\t|  |\n'.split(
      '|',
    ),
    '|',
    '|2-\n',
    'logSources: ',
    'keys: ',
    'values: ',
  ],
  functions: { readYaml, readConfig },
  // A text that is folded over lines has one place for all of it, and that one behind the file's end.
  planted: (own) => ({
    ...own,
    readYaml: (source) => {
      const read = own.readYaml(source);
      if (!/: >-?\n {2}\S.*\n {2}\S/.test(source.text)) return read;
      const behind = { ...read.documents[0]?.span, end: source.text.length + 1 };
      return {
        ...read,
        documents: read.documents.map((one) => Object.create(one, { span: { value: behind } }) as typeof one),
      };
    },
  }),
  check(text, { readYaml, readConfig }) {
    const read = readYaml(sourceText('f.yml', text));
    holdDiagnostics(read.diagnostics, text, 'f.yml');
    let nodes = 0;
    const visit = (node: YamlNode): void => {
      nodes += 1;
      if (nodes > MOST_NODES) return;
      holdPlace(node.span, text);
      const value = node.text();
      if (value !== undefined) {
        for (const at of [0, value.text.length >> 1, value.text.length]) holdPlace(value.span(at, at), text);
        holdPlace(value.span(0, value.text.length), text);
      }
      for (const entry of node.entries()) {
        holdPlace(entry.keySpan, text);
        visit(entry.value);
      }
      for (const item of node.kind === 'list' ? (node.asList() ?? []) : []) visit(item);
    };
    for (const document of [...read.documents, ...read.broken]) {
      document.toJson();
      visit(document);
    }
    holdDiagnostics(readConfig(sourceText('f.yml', text)).diagnostics, text, 'f.yml');
  },
});

function holdPlace({ start, end }: { readonly start: number; readonly end: number }, text: string): void {
  hold(
    0 <= start && start <= end && end <= text.length,
    `a place from ${start} to ${end} of ${text.length} characters`,
  );
}
