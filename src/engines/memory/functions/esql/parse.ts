import type { EsqlParseFunction } from '../../../../ir/functions/esql/parse.ts';
import { type Dissection, dissect, readDissect } from '../../../../patterns/dissect.ts';
import { compileGrok, type Grok, grok } from '../../../../patterns/grok/grok.ts';
import type { Value } from '../../../../values/value.ts';
import type { Implementation } from '../implementation.ts';
import { extract } from './json-extract.ts';
import { columnOf, fail, SEVERAL, textIn, valuesIn } from './multi-value.ts';

/** Patterns are written in the rule: few, each compiled once. */
class Compiled<T> {
  private readonly known = new Map<string, T>();
  private readonly compile: (pattern: string) => T;

  constructor(compile: (pattern: string) => T) {
    this.compile = compile;
  }

  of(pattern: string): T {
    const found = this.known.get(pattern) ?? this.compile(pattern);
    if (this.known.size >= 10_000) this.known.clear();
    this.known.set(pattern, found);
    return found;
  }
}

const groks = new Compiled(compileGrok);
const dissections = new Compiled(readDissect);

type Columns = Readonly<Record<string, Value>>;

/** Of several texts the values of all that fit, by name. */
function gathered(texts: readonly Value[], read: (text: string) => Readonly<Record<string, Value>> | undefined): Value {
  const found: Record<string, Value[]> = {};
  for (const text of texts) {
    for (const [name, value] of Object.entries(read(textIn(text)) ?? {})) {
      const values = Object.hasOwn(found, name) ? found[name] : undefined;
      if (values === undefined) found[name] = [...valuesIn(value)];
      else values.push(...valuesIn(value));
    }
  }
  return Object.fromEntries(Object.entries(found).map(([name, values]) => [name, columnOf(values)])) as Value;
}

export const esqlParseImplementations: Record<EsqlParseFunction, Implementation> = {
  'esql.grok': ([texts, ...patterns]) => {
    const usable = patterns.map((pattern) => groks.of(textIn(pattern))).filter((one): one is Grok => 'regex' in one);
    return gathered(valuesIn(texts), (text): Columns | undefined => {
      for (const one of usable) {
        const found = grok(one, text);
        if (found !== undefined) return found;
      }
      return undefined;
    });
  },
  'esql.dissect': ([texts, pattern, separator]) => {
    const read = dissections.of(textIn(pattern));
    const usable: Dissection | undefined = 'keys' in read ? read : undefined;
    return gathered(valuesIn(texts), (text) => usable && dissect(usable, text, textIn(separator)));
  },
  'esql.json-extract': ([source, path], clock) => {
    if ((source ?? null) === null || (path ?? null) === null) return null;
    if (Array.isArray(source) || Array.isArray(path)) return fail(clock, SEVERAL);
    return extract(source, textIn(path), clock);
  },
};
