import { ANY, BOOL, DICT, FLOAT, INT, LIST, NONE, STR } from '../conditions/types.ts';
import type { Dynamic, PyValue } from './value.ts';

const names = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** The attributes of Python's own types. */
const STR_NAMES = names(
  'capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill',
);
const INT_NAMES = names(
  'as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag is_integer numerator real to_bytes',
);
const FLOAT_NAMES = names('as_integer_ratio conjugate fromhex from_number hex imag is_integer real');
const LIST_NAMES = names('append clear copy count extend index insert pop remove reverse sort');
const TUPLE_NAMES = names('count index');
const DICT_NAMES = names('clear copy fromkeys get items keys pop popitem setdefault update values');
const SET_NAMES = names(
  'add clear copy difference difference_update discard intersection intersection_update isdisjoint issubset issuperset pop remove symmetric_difference symmetric_difference_update union update',
);
const REGEX_NAMES = names(
  'findall finditer flags fullmatch groupindex groups match pattern scanner search split sub subn',
);

/** Those of the event, and of its lists and maps, as panther_core has them. */
const EVENT_LIST_NAMES = names('as_list copy count index mutable_type register');
const EVENT_MAP_NAMES = names('copy deep_get get items keys mutable_type raw_view register to_dict values');
const EVENT_NAMES = names(
  'data_model deep_walk event_time_epoch json_encoder lookup lookup_function lookup_tables udm udm_path',
);

export const NAMES_OF_EVENTS: readonly string[] = [...EVENT_MAP_NAMES, ...EVENT_NAMES];

/** The types of a value that have an attribute. Names between underscores are not followed. */
export function holdersOf(value: Dynamic, attr: string): number {
  if (attr.startsWith('_')) return ANY & ~NONE;
  const { made, whole } = value;
  const listNames = made === 'event' ? EVENT_LIST_NAMES : made === 'tuple' ? TUPLE_NAMES : LIST_NAMES;
  const mapNames = made === 'event' ? EVENT_MAP_NAMES : DICT_NAMES;
  let mask = 0;
  if (STR_NAMES.has(attr)) mask |= STR;
  if (INT_NAMES.has(attr)) mask |= INT | BOOL;
  if (FLOAT_NAMES.has(attr)) mask |= FLOAT;
  if (listNames.has(attr)) mask |= LIST;
  if (mapNames.has(attr) || (whole === true && EVENT_NAMES.has(attr))) mask |= DICT;
  return mask;
}

/** Whether a value that is no part of the event has an attribute, as far as that is known. */
export function hasAttribute(value: PyValue, attr: string): boolean {
  if (attr.startsWith('_')) return true;
  switch (value.kind) {
    case 'const':
      if (typeof value.value === 'string') return STR_NAMES.has(attr);
      if (typeof value.value === 'number') return INT_NAMES.has(attr) || FLOAT_NAMES.has(attr);
      return typeof value.value === 'boolean' && INT_NAMES.has(attr);
    case 'seq':
      if (value.type === 'set') return SET_NAMES.has(attr);
      return (value.type === 'list' ? LIST_NAMES : TUPLE_NAMES).has(attr);
    case 'map':
      return DICT_NAMES.has(attr);
    case 'regex':
      return REGEX_NAMES.has(attr);
    case 'dynamic':
      return holdersOf(value, attr) !== 0;
    case 'bool':
    case 'maybe':
    case 'function':
    case 'lambda':
    case 'foreign':
    case 'method':
    case 'comprehension':
    case 'unknown':
      return true;
  }
}
