import { pythonRegex } from '../../../languages/python/translate/values/regex.ts';
import { type CompiledRegex, compileRegex } from '../../../patterns/regex/index.ts';
import { leave, PyMatch, type PyRegex, raise, type Value } from './value.ts';

/** By source, flags and way; null where it is not known to mean the same. */
const compiled = new Map<string, CompiledRegex | null>();

function compile({ source, flags }: PyRegex, how: string): CompiledRegex | null {
  const key = `${how} ${flags} ${source}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const pattern = pythonRegex(source, flags, how);
  const anchored = how === 'fullmatch';
  const options = { flavour: 'pcre', flags: pattern?.flags ?? '', anchored, ignoreCase: false } as const;
  const found = pattern === undefined ? undefined : compileRegex(pattern.source, options);
  const made = found?.ok === true ? found.regex : null;
  if (compiled.size < 1000) compiled.set(key, made);
  return made;
}

/** `search`, `match` and `fullmatch`: a match or None. */
export function searchRegex(regex: PyRegex, how: string, value: Value): Value {
  if (value === null) return raise('TypeError');
  if (typeof value !== 'string') return leave('a search in something else');
  const found = (compile(regex, how) ?? leave('this regular expression')).groups(value);
  return found === undefined ? null : new PyMatch(found.groups);
}
