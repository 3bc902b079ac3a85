import { diagnostic } from '../../../../base/diagnostic.ts';
import { call, NULL, text } from '../../../../ir/construct.ts';
import type { Plan } from '../../../../ir/plan/plan.ts';
import { fn, type Lowering, type ScalarFunction } from './parameter.ts';

/** Where no database is given, the query loads, and a run stops where the place of an address is asked for. */
const geoInfo: Lowering = ([address], node, { context }) => {
  const database = context.schema.geoDatabase?.();
  if (database !== undefined) return call('kusto.geo-info', [address?.expr ?? NULL, text(database)], node.span);
  const option = '--geoip FILE.mmdb';
  const name = 'geo_info_from_ip_address()';
  context.report(diagnostic('kusto/not-given', { name, option }, node.span));
  const column = 'place';
  const missing: Plan = {
    kind: 'table',
    name,
    columns: [{ name: column, type: 'dynamic' }],
    missing: `give a database of places with ${option}`,
  };
  return { kind: 'scalar-of', plan: { name: context.share(missing), column } };
};

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
  ipv4_range_to_cidr_list: fn('string string', 'dynamic', 'kusto.ipv4-range'),
  parse_ipv6: fn('string', 'string', 'kusto.parse-ipv6'),
  parse_ipv6_mask: fn('string whole', 'string', 'kusto.parse-ipv6'),
  ipv6_compare: fn('string string whole?', 'long', 'kusto.ipv6-compare'),
  ipv6_is_match: fn('string string whole?', 'bool', 'kusto.ipv6-is-match'),
  ipv6_is_in_range: fn('string string', 'bool', 'kusto.ipv6-is-in-any-range'),
  ipv6_is_in_any_range: fn('string any*', 'bool', 'kusto.ipv6-is-in-any-range'),
  geo_info_from_ip_address: fn('string', 'dynamic', geoInfo),
  parse_user_agent: fn('string any', 'dynamic', 'kusto.parse-user-agent'),
};
