import type { Internals } from './pyodide-internals.ts';

/**
 * Takes the modules that reach native memory out of those that are built in: no name is that of one any more. Made in the realm: it
 * is handed over as text.
 */
export function withoutNativeModules({ _module }: Internals, textOf: (units: Uint8Array) => string): void {
  /** Modules with which Python reaches any byte of its memory, or the realm. */
  const UNSAFE_MODULES = [
    '_ctypes',
    // Makes code of any bytes; the one that Python has does not.
    '_imp',
    '_pyodide_core',
    '_remote_debugging',
    '_testbuffer',
    '_testcapi',
    '_testclinic',
    '_testclinic_limited',
    '_testinternalcapi',
    '_testlimitedcapi',
    '_xxtestfuzz',
    'xxsubtype',
  ];
  const { HEAPU8: bytes, HEAPU32: words, _PyImport_Inittab: table } = _module;
  const nameAt = (from: number): string => {
    let to = from;
    while (bytes[to] !== 0) to += 1;
    return textOf(bytes.subarray(from, to));
  };
  for (let at = (words[table >> 2] ?? 0) >> 2; words[at] !== 0; at += 2) {
    const name = words[at] ?? 0;
    if (UNSAFE_MODULES.includes(nameAt(name))) bytes[name] = 0xff;
  }
}
