import ipaddr from 'ipaddr.js';

export interface Network {
  /** `address/bits`, without bits of a host. */
  readonly network: string;
  /** Whether the rule named a host inside the network (`10.0.0.1/8`). */
  readonly hostBits: boolean;
}

/** A network as `address/bits`, `address/netmask` or a single address, IPv4 or IPv6; undefined for anything else. */
export function readNetwork(text: string): Network | undefined {
  const [address = '', mask, ...rest] = text.split('/');
  if (rest.length > 0) return undefined;
  const parsed = readAddress(address);
  if (parsed === undefined) return undefined;
  const bits = mask === undefined ? parsed.toByteArray().length * 8 : readBits(mask, parsed);
  if (bits === undefined) return undefined;
  const bytes = parsed.toByteArray();
  const network = bytes.map((byte, index) => byte & (0xff << Math.max(0, Math.min(8, (index + 1) * 8 - bits))) & 0xff);
  const hostBits = network.some((byte, index) => byte !== bytes[index]);
  const plain = ipaddr.fromByteArray(network);
  if (plain instanceof ipaddr.IPv6 && plain.isIPv4MappedAddress() && bits >= 96) {
    return { network: `${plain.toIPv4Address().toString()}/${bits - 96}`, hostBits };
  }
  return { network: `${plain.toString()}/${bits}`, hostBits };
}

function readAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (text.includes(':')) return ipaddr.IPv6.isValid(text) && !text.includes('%') ? ipaddr.IPv6.parse(text) : undefined;
  return ipaddr.IPv4.isValidFourPartDecimal(text) ? ipaddr.IPv4.parse(text) : undefined;
}

function readBits(mask: string, address: ipaddr.IPv4 | ipaddr.IPv6): number | undefined {
  if (/^\d{1,3}$/.test(mask)) return Number(mask) <= address.toByteArray().length * 8 ? Number(mask) : undefined;
  if (address.kind() !== 'ipv4' || !ipaddr.IPv4.isValidFourPartDecimal(mask)) return undefined;
  return ipaddr.IPv4.parse(mask).prefixLengthFromSubnetMask() ?? undefined;
}
