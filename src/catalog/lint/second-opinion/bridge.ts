/**
 * What is used of `@kusto/language-service-next` (12.4.1): C# that was compiled to JavaScript by Bridge.NET, whose names it keeps. The
 * number of a constructor tells C#'s overloads apart.
 */
export interface KustoLanguage {
  readonly GlobalState: { readonly Default: GlobalState };
  readonly KustoCode: { ParseAndAnalyze(text: string, globals: GlobalState): KustoCode };
  readonly Symbols: {
    readonly TableSymbol: {
      /** By its columns as `(name: type, …)`. */
      readonly $ctor7: new (
        name: string,
        columns: string,
        description: string | null,
      ) => TableSymbol;
    };
    readonly DatabaseSymbol: { readonly $ctor1: new (name: string, members: readonly TableSymbol[]) => object };
  };
}

interface GlobalState {
  WithDatabase(database: object): GlobalState;
}

export interface TableSymbol {
  WithIsOpen(isOpen: boolean): TableSymbol;
}

interface KustoCode {
  readonly ResultType: { readonly Columns?: List<{ readonly Name: string; readonly Type: { readonly Name: string } }> };
  GetDiagnostics(): List<BinderDiagnostic>;
}

export interface BinderDiagnostic {
  readonly Code: string;
  readonly Severity: string;
  readonly Message: string;
  /** In UTF-16 code units of the text. */
  readonly Start: number;
  readonly Length: number;
}

interface List<T> {
  readonly Count: number;
  getItem(index: number): T;
}

export function itemsOf<T>(list: List<T>): T[] {
  return Array.from({ length: list.Count }, (_, index) => list.getItem(index));
}
