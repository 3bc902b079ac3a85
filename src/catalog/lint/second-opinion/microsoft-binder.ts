import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import type { Schema } from '../../../ir/view.ts';
import { type BinderDiagnostic, itemsOf, type KustoLanguage, type TableSymbol } from './bridge.ts';

/** Microsoft's own parser and binder of Kusto. It is no part of this package: who wants its opinion installs it. */
export const BINDER_PACKAGE = '@kusto/language-service-next';

/** Its two scripts, in the order in which they need each other. */
const SCRIPTS = ['bridge.min.js', 'Kusto.Language.Bridge.min.js'];

/** Stands for the tables of a database where a query names none: the schema knows no such table, so it may have any column. */
const NO_TABLE = '_any';

/** What it says of a query. */
export interface Opinion {
  /** Errors only. */
  readonly errors: readonly BinderDiagnostic[];
  /** The columns of the result; undefined where the query has no tabular one. */
  readonly columns: readonly { readonly name: string; readonly type: string }[] | undefined;
}

export interface Binder {
  /** Throws where the package itself fails, which it does on some queries. */
  bind(text: string, schema: Schema): Opinion;
}

let opened: Binder | undefined;

/**
 * The binder as it is installed beside this package; undefined: it is not. The working directory may be a stranger's repository: what
 * lies in it is not run.
 */
export function openBinder(): Binder | undefined {
  opened ??= open();
  return opened;
}

function open(): Binder | undefined {
  const folder = installed();
  if (folder === undefined) return undefined;
  // Its globals are its own affair.
  const realm = createContext({ console: { log: ignored, warn: ignored, error: ignored }, setTimeout, clearTimeout });
  for (const script of SCRIPTS) runInContext(readFileSync(join(folder, script), 'utf8'), realm, { filename: script });
  const language: KustoLanguage = runInContext('Kusto.Language', realm);
  const tables = new Tables(language);
  return { bind: (text, schema) => opinionOf(text, schema, language, tables) };
}

function installed(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(BINDER_PACKAGE));
  } catch {
    return undefined;
  }
}

function ignored(): void {}

/** The tables of schemas as the binder knows them; to make one takes longer than to bind a query over it. */
class Tables {
  private readonly symbols: KustoLanguage['Symbols'];
  private readonly made = new WeakMap<Schema, Map<string, TableSymbol>>();

  constructor({ Symbols }: KustoLanguage) {
    this.symbols = Symbols;
  }

  get(name: string, schema: Schema): TableSymbol {
    const made = this.made.get(schema) ?? new Map<string, TableSymbol>();
    this.made.set(schema, made);
    const known = made.get(name);
    if (known !== undefined) return known;
    const fields = schema.fieldNames(name);
    const columns = [...(fields ?? [])].map((field) => `['${field}']: ${schema.typeOf(field, name) ?? 'dynamic'}`);
    const table = new this.symbols.TableSymbol.$ctor7(name, `(${columns.join(', ')})`, null);
    // One whose columns the schema does not know has any.
    const whole = fields === undefined ? table.WithIsOpen(true) : table;
    made.set(name, whole);
    return whole;
  }
}

function opinionOf(
  text: string,
  schema: Schema,
  { GlobalState, KustoCode, Symbols }: KustoLanguage,
  tables: Tables,
): Opinion {
  const saved = savedFunctions(text, schema);
  const whole = saved + text;
  const names = tablesOf(whole, schema);
  // `union *` and `search` are over tables that nobody names.
  const named = (names.length === 0 ? [NO_TABLE] : names).map((name) => tables.get(name, schema));
  const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.$ctor1('rules', named));
  const code = KustoCode.ParseAndAnalyze(whole, globals);
  const errors = itemsOf(code.GetDiagnostics())
    .filter(({ Severity }) => Severity === 'Error')
    .map(({ Code, Severity, Message, Start, Length }) => {
      const start = Math.max(0, Start - saved.length);
      return { Code, Severity, Message, Start: start, Length: Start < saved.length ? 0 : Length };
    });
  const columns = code.ResultType?.Columns;
  return {
    errors,
    columns: columns && itemsOf(columns).map(({ Name, Type }) => ({ name: Name, type: Type.Name })),
  };
}

/** Every name that stands in a text, also such as are none of a table. */
function namesIn(text: string): Set<string> {
  return new Set(text.match(/[\p{L}_][\p{L}\p{N}_]*/gu));
}

/** The tables of which a query may speak: of thousands that there are, few. */
function tablesOf(text: string, schema: Schema): string[] {
  const known = schema.tableNames?.() ?? new Set<string>();
  const named = [...namesIn(text)].filter((name) => known.has(name));
  const wildcards = [...text.matchAll(/(?<![\p{L}\p{N}_])([\p{L}_][\p{L}\p{N}_]*)\*/gu)].map(([, start = '']) => start);
  const meant = [...known].filter((name) => wildcards.some((start) => name.startsWith(start)));
  return [...new Set([...named, ...meant])];
}

/** The functions that are saved beside the rules and stand in a query, and those that stand in them, before it. */
function savedFunctions(text: string, schema: Schema): string {
  const found = new Map<string, string>();
  const find = (within: string): void => {
    for (const name of namesIn(within)) {
      const saved = found.has(name) ? undefined : schema.savedFunction?.(name);
      if (saved === undefined) continue;
      found.set(name, '');
      find(saved.text);
      found.delete(name);
      found.set(name, saved.text);
    }
  };
  find(text);
  return [...found.values()].map((one) => `${one.trim().replace(/;?$/, ';')}\n`).join('');
}
