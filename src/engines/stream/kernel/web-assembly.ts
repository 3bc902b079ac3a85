/** WebAssembly as the kernel uses it: the language's own library does not declare it. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

export interface WasmGlobal {
  readonly value: number;
}

/** Compiled code; opaque. */
export type WasmModule = object;

interface WasmApi {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports: object) => { readonly exports: unknown };
  readonly Memory: new (size: { readonly initial: number }) => WasmMemory;
}

/** Undefined where the machine has none. */
export const webAssembly: WasmApi | undefined = (globalThis as { readonly WebAssembly?: WasmApi }).WebAssembly;
