import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { isJsonObject, type Json, type JsonObject, stringifyJson } from '../base/json.ts';
import { networkOf } from '../patterns/address.ts';
import type { IndexMapping } from '../schemas/index-mapping.ts';
import { parseFormattedDate } from '../values/date-format.ts';
import { momentInDateField } from '../values/date-math.ts';
import { isNumberText } from '../values/number-text.ts';

interface Found {
  readonly type: string;
  readonly example: string;
  documents: number;
}

/** Values of documents that contradict the mapping of their index: of what type they are not, in how many documents. */
export class MalformedValues {
  private readonly index: string;
  private readonly mapping: IndexMapping;
  private readonly found = new Map<string, Found>();

  constructor(index: string, mapping: IndexMapping) {
    this.index = index;
    this.mapping = mapping;
  }

  see(document: JsonObject): void {
    const seen = new Set<string>();
    const open: (readonly [string, Json])[] = Object.entries(document);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [name, value] = next;
      if (Array.isArray(value)) for (const item of value) open.push([name, item]);
      else if (isJsonObject(value))
        for (const [key, inner] of Object.entries(value)) open.push([`${name}.${key}`, inner]);
      else if (value !== null && !seen.has(name) && this.isMalformed(name, value)) {
        seen.add(name);
        this.note(name, value);
      }
    }
  }

  private isMalformed(name: string, value: Json): boolean {
    const field = this.mapping.fields.get(name);
    const text = String(value);
    switch (field?.type) {
      case 'long':
      case 'double':
        return typeof value === 'boolean' || !isNumberText(text.trim());
      case 'boolean':
        return typeof value === 'number' || !['true', 'false', ''].includes(text);
      case 'ip':
        return text.includes('/') || networkOf(text) === undefined;
      case 'date':
        if (field.format !== undefined) return parseFormattedDate(value, field.format) === undefined;
        return typeof value === 'string' && !/^\d+$/.test(value) && momentInDateField(value) === undefined;
      default:
        return false;
    }
  }

  private note(name: string, value: Json): void {
    const known = this.found.get(name);
    if (known !== undefined) known.documents += 1;
    else {
      const type = this.mapping.fields.get(name)?.mapped ?? '';
      this.found.set(name, { type, example: stringifyJson(value).slice(0, 80), documents: 1 });
    }
  }

  diagnostics(): readonly Diagnostic[] {
    return [...this.found].map(([field, { type, example, documents }]) =>
      diagnostic('elastic/malformed', { index: this.index, field, type, documents, example }),
    );
  }
}
