import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { ColumnType } from '../../ir/plan/plan.ts';
import type { RuleSeverity } from '../../ir/rule/rule.ts';
import { parseDuration } from '../../values/duration.ts';
import type { YamlNode } from '../source/yaml-source.ts';

/** Reads the keys of Microsoft's rule files; a value of the wrong type is reported where it stands. */
export class FieldReader {
  readonly diagnostics: Diagnostic[] = [];

  text(node: YamlNode, key: string): string | undefined {
    const value = node.get(key);
    if (value === undefined || value.kind === 'null') return undefined;
    const text = value.asString();
    if (text === undefined) this.wrong(value, key, 'a string');
    return text;
  }

  /** A list of strings; one string counts as a list of one, and empty items for nothing. */
  texts(node: YamlNode, key: string): readonly { readonly text: string; readonly node: YamlNode }[] {
    const value = node.get(key);
    if (value === undefined || value.kind === 'null') return [];
    const items = value.kind === 'string' ? [value] : value.asList();
    if (items === undefined) {
      this.wrong(value, key, 'a list of strings');
      return [];
    }
    return items.flatMap((item) => {
      // A template's dash that nobody filled in.
      if (item.kind === 'null') return [];
      const text = item.asString();
      if (text === undefined) this.wrong(item, key, 'a string');
      return text === undefined ? [] : [{ text, node: item }];
    });
  }

  list(node: YamlNode, key: string): readonly YamlNode[] {
    const value = node.get(key);
    if (value === undefined || value.kind === 'null') return [];
    const items = value.asList();
    if (items === undefined) this.wrong(value, key, 'a list');
    return items ?? [];
  }

  map(node: YamlNode, key: string): YamlNode | undefined {
    const value = node.get(key);
    if (value === undefined || value.kind === 'null') return undefined;
    if (value.kind === 'map') return value;
    this.wrong(value, key, 'a map');
    return undefined;
  }

  wrong(node: YamlNode, key: string, expected: string): void {
    this.diagnostics.push(diagnostic('input/wrong-type', { key, expected, found: node.kindInWords }, node.span));
  }

  severity(node: YamlNode, key: string): RuleSeverity | undefined {
    const text = this.text(node, key);
    if (text === undefined) return undefined;
    const found = text.toLowerCase();
    if (found === 'informational' || found === 'low' || found === 'medium' || found === 'high') return found;
    this.diagnostics.push(diagnostic('sentinel/bad-severity', { found: text }, node.get(key)?.span));
    return undefined;
  }

  boolean(node: YamlNode, key: string): boolean | undefined {
    const value = node.get(key);
    if (value === undefined || value.kind === 'null') return undefined;
    const found = value.asBoolean();
    if (found === undefined) this.wrong(value, key, 'a boolean');
    return found;
  }

  /** `5m`, `14d`, `PT1H`; in ticks. */
  duration(node: YamlNode, key: string): bigint | undefined {
    const value = node.get(key);
    // A lone 0 is a number to YAML.
    const written = value?.kind === 'number' ? value.written() : this.text(node, key);
    if (written === undefined) return undefined;
    const found = written === '0' ? 0n : parseDuration(written);
    if (found === undefined) {
      this.diagnostics.push(diagnostic('sentinel/bad-duration', { key, found: written }, value?.span));
    }
    return found;
  }

  techniques(node: YamlNode, key: string): readonly string[] {
    return this.texts(node, key).flatMap(({ text, node: item }) => {
      const found = /^T\d{4}(\.\d{3})?$/i.exec(text.trim());
      if (found !== null) return [found[0].toUpperCase()];
      this.diagnostics.push(diagnostic('sentinel/bad-technique', { found: text }, item.span));
      return [];
    });
  }

  tactics(node: YamlNode, key: string): readonly string[] {
    return this.texts(node, key).flatMap(({ text, node: item }) => {
      const id = TACTICS.get(text.replace(/[^A-Za-z]/g, '').toLowerCase());
      if (id !== undefined) return [id];
      this.diagnostics.push(diagnostic('sentinel/unknown-tactic', { found: text }, item.span));
      return [];
    });
  }

  /** Entities are built of the query's columns: a column that is not there leaves the entity empty. */
  entities(node: YamlNode, columns: readonly ColumnType[] | undefined): void {
    for (const mapping of this.list(node, 'entityMappings')) {
      if (mapping.kind !== 'map') {
        this.wrong(mapping, 'entityMappings', 'a list of maps');
        continue;
      }
      const entity = this.text(mapping, 'entityType') ?? '';
      for (const field of this.list(mapping, 'fieldMappings')) {
        if (field.kind !== 'map') {
          this.wrong(field, 'fieldMappings', 'a list of maps');
          continue;
        }
        this.text(field, 'identifier');
        const column = this.text(field, 'columnName');
        if (column === undefined || columns === undefined || columns.some((known) => known.name === column)) continue;
        const place = field.get('columnName')?.span;
        this.diagnostics.push(diagnostic('sentinel/entity-column-missing', { column, entity }, place));
      }
    }
  }
}

/** ATT&CK tactics of the enterprise and the industrial matrix, by name without spaces. */
const TACTICS: ReadonlyMap<string, string> = new Map([
  ['reconnaissance', 'TA0043'],
  ['resourcedevelopment', 'TA0042'],
  ['initialaccess', 'TA0001'],
  ['execution', 'TA0002'],
  ['persistence', 'TA0003'],
  ['privilegeescalation', 'TA0004'],
  ['defenseevasion', 'TA0005'],
  ['credentialaccess', 'TA0006'],
  ['discovery', 'TA0007'],
  ['lateralmovement', 'TA0008'],
  ['collection', 'TA0009'],
  ['exfiltration', 'TA0010'],
  ['commandandcontrol', 'TA0011'],
  ['impact', 'TA0040'],
  ['evasion', 'TA0103'],
  ['impairprocesscontrol', 'TA0106'],
  ['inhibitresponsefunction', 'TA0107'],
]);
