import ipaddr from 'ipaddr.js';

/**
 * Whether a text is an address inside a network (`10.0.0.0/8`, `fe80::/10`; host bits of the network are ignored). IPv4
 * mapped into IPv6 counts as IPv4. A text that is not an address, whole and nothing else (no blanks around it), is outside; a
 * network that is none contains nothing.
 */
export function compileCidr(network: string): (value: string) => boolean {
  const parsed = parseNetwork(network);
  if (parsed === undefined) return () => false;
  return (value) => {
    const address = parseAddress(value);
    return address !== undefined && address.kind() === parsed.address.kind() && inside(address, parsed);
  };
}

/** Of addresses and their zones: patterns of the library's own end before a line feed at the end of a text. */
const ADDRESS_CHARACTERS = /^[^\s]+$/;

interface Network {
  readonly address: ipaddr.IPv4 | ipaddr.IPv6;
  readonly bits: number;
}

/** A network, or undefined when the text is none. */
function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress((slash === -1 ? text : text.slice(0, slash)).trim());
  if (address === undefined) return undefined;
  const width = address.kind() === 'ipv4' ? 32 : 128;
  if (slash === -1) return { address, bits: width };
  const bits = text.slice(slash + 1).trimEnd();
  return /^\d{1,3}$/.test(bits) && Number(bits) <= width ? { address, bits: Number(bits) } : undefined;
}

/** An address written in full (IPv4 with four decimal parts), IPv4-mapped IPv6 as IPv4; undefined for anything else. */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const isAddress = text.includes(':') ? ipaddr.IPv6.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text);
  return isAddress && ADDRESS_CHARACTERS.test(text) ? ipaddr.process(text) : undefined;
}

function inside(address: ipaddr.IPv4 | ipaddr.IPv6, network: Network): boolean {
  const bytes = address.toByteArray();
  const base = network.address.toByteArray();
  for (let bit = 0; bit < network.bits; bit += 8) {
    const index = bit >> 3;
    const left = Math.min(8, network.bits - bit);
    const mask = (0xff << (8 - left)) & 0xff;
    if (((bytes[index] ?? 0) & mask) !== ((base[index] ?? 0) & mask)) return false;
  }
  return true;
}
