import { fn, type ScalarFunction } from './parameter.ts';

export const netFunctions: Readonly<Record<string, ScalarFunction>> = {
  parse_ipv4: fn('string', 'long', 'kusto.parse-ipv4'),
  parse_ipv4_mask: fn('string whole', 'long', 'kusto.parse-ipv4-mask'),
  format_ipv4: fn('any whole?', 'string', 'kusto.format-ipv4'),
  format_ipv4_mask: fn('any whole', 'string', 'kusto.format-ipv4-mask'),
  ipv4_netmask_suffix: fn('string', 'long', 'kusto.ipv4-suffix'),
  ipv4_is_private: fn('string', 'bool', 'kusto.ipv4-is-private'),
  ipv4_is_in_range: fn('string string', 'bool', 'kusto.ipv4-is-in-range'),
  ipv4_is_in_any_range: fn('string any*', 'bool', 'kusto.ipv4-is-in-any-range'),
  ipv4_is_match: fn('string string whole?', 'bool', 'kusto.ipv4-is-match'),
  ipv4_compare: fn('string string whole?', 'long', 'kusto.ipv4-compare'),
  has_ipv4: fn('string string', 'bool', 'kusto.has-ipv4'),
  has_any_ipv4: fn('string any*', 'bool', 'kusto.has-ipv4'),
  has_ipv4_prefix: fn('string string', 'bool', 'kusto.has-ipv4-prefix'),
  has_any_ipv4_prefix: fn('string any*', 'bool', 'kusto.has-ipv4-prefix'),
};
