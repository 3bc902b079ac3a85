/** A path of a data model, in the JSONPath dialect of Python's `jsonpath_ng.ext`: plain data, so that the sandbox is given it too. */
export type JsonPath =
  | { readonly kind: 'root' | 'this' | 'parent' | 'wildcard' }
  | { readonly kind: 'fields'; readonly names: readonly string[] }
  | { readonly kind: 'index'; readonly at: readonly number[] }
  | {
      readonly kind: 'slice';
      readonly from: number | null;
      readonly to: number | null;
      readonly step: number | null;
    }
  | {
      readonly kind: 'child' | 'descendants' | 'where' | 'where-not' | 'union' | 'intersection';
      readonly left: JsonPath;
      readonly right: JsonPath;
    }
  /** The members of a map or list for which all tests hold. */
  | { readonly kind: 'filter'; readonly tests: readonly JsonPathTest[] }
  /** What the dialect calls named operators. */
  | { readonly kind: 'length' | 'keys' | 'path' | 'sorted' | 'text' }
  | { readonly kind: 'split'; readonly separator: string; readonly part: number | null; readonly most: number }
  | { readonly kind: 'substitute'; readonly pattern: string; readonly replacement: string }
  | { readonly kind: 'sort'; readonly by: readonly { readonly path: JsonPath; readonly reverse: boolean }[] }
  | {
      readonly kind: 'arithmetic';
      readonly op: '+' | '-' | '*';
      readonly left: JsonPath | JsonPathConstant;
      readonly right: JsonPath | JsonPathConstant;
    };

export interface JsonPathConstant {
  readonly kind: 'constant';
  readonly value: string | number | boolean | null;
}

export type JsonPathTest =
  | { readonly kind: 'has' | 'lacks'; readonly path: JsonPath }
  | {
      readonly kind: 'compare';
      readonly op: '==' | '!=' | '<' | '<=' | '>' | '>=' | '=~';
      readonly left: JsonPath;
      readonly right: JsonPath | JsonPathConstant;
    }
  | { readonly kind: 'all' | 'any'; readonly tests: readonly JsonPathTest[] };
