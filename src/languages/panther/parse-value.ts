import ipaddr from 'ipaddr.js';
import { diagnostic } from '../../base/diagnostic.ts';
import type { Key, Scalar } from './ast.ts';
import type { MapFields } from './map-fields.ts';
import { parseKey } from './parse-key.ts';
import type { ValueNode } from './value-node.ts';

/** What conditions compare with. Undefined, with a diagnostic, where it is wrong; `condition` is its name, for messages. */

export function parseScalar(fields: MapFields, condition: string): Scalar | undefined {
  const node = valueNode(fields, condition);
  if (node === undefined) return undefined;
  const found = scalarOf(node);
  if (found === undefined) fields.wrong('Value', 'a text, a number, true or false', node);
  return found;
}

export function parseText(fields: MapFields, condition: string): string | undefined {
  const node = valueNode(fields, condition);
  if (node === undefined) return undefined;
  if (node.kind === 'map' || node.kind === 'list' || node.kind === 'null') {
    fields.wrong('Value', 'a text', node);
    return undefined;
  }
  return node.written();
}

export function parseBound(fields: MapFields, condition: string): string | number | undefined {
  const node = valueNode(fields, condition);
  if (node === undefined) return undefined;
  const found = node.asNumber() ?? node.asString();
  if (found === undefined) fields.wrong('Value', 'a number or a text', node);
  return found;
}

/** `Values`: constants, or keys whose values they are. */
export function parseValues(fields: MapFields, condition: string): readonly (Scalar | Key)[] | undefined {
  if (!fields.has('Values')) return needs(fields, condition, 'Values');
  const before = fields.diagnostics.length;
  const found = fields.list('Values').flatMap((item, index): (Scalar | Key)[] => {
    if (item.kind === 'map') return [parseKey(fields.inside(item, `Values[${index}]`)) ?? []].flat();
    const value = scalarOf(item);
    if (value !== undefined) return [value];
    fields.wrong(`Values[${index}]`, 'a text, a number, true or false', item);
    return [];
  });
  return fields.diagnostics.length > before ? undefined : found;
}

export function parseNetworks(fields: MapFields, condition: string): readonly string[] | undefined {
  const nodes = fields.has('Values') ? fields.list('Values') : [valueNode(fields, condition)];
  const found: string[] = [];
  for (const node of nodes) {
    if (node === undefined) return undefined;
    const network = networkOf(node.asString() ?? '');
    if (network === undefined) {
      const params = { condition, expected: 'a network such as `10.0.0.0/8`' };
      fields.diagnostics.push(diagnostic('panther/condition-value', params, node.span));
      return undefined;
    }
    found.push(network);
  }
  return found;
}

function valueNode(fields: MapFields, condition: string): ValueNode | undefined {
  return fields.node.get('Value') ?? needs(fields, condition, 'Value');
}

function needs(fields: MapFields, condition: string, key: 'Value' | 'Values'): undefined {
  const reason = key === 'Value' ? `\`${condition}\` needs a \`Value\`` : `\`${condition}\` needs \`Values\``;
  fields.diagnostics.push(diagnostic('panther/match-expression', { reason }, fields.node.span));
  return undefined;
}

function scalarOf(node: ValueNode): Scalar | undefined {
  const value = node.scalar();
  return value === undefined || value === null ? undefined : { kind: 'scalar', value, span: node.span };
}

/** An address alone is a network of one. */
function networkOf(written: string): string | undefined {
  const [address = '', bits, ...more] = written.trim().split('/');
  if (more.length > 0 || (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)))
    return undefined;
  const most = ipaddr.parse(address).kind() === 'ipv4' ? 32 : 128;
  if (bits === undefined) return `${address}/${most}`;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= most ? `${address}/${Number(bits)}` : undefined;
}
