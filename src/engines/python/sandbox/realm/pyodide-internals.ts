/** The parts of pyodide that its types leave out. */
export interface Internals {
  makeMemorySnapshot(): Uint8Array;
  readonly _module: {
    readonly HEAPU8: Uint8Array;
    readonly HEAPU32: Uint32Array;
    /** Where the table of modules stands that are built in: pairs of a name and a function. */
    readonly _PyImport_Inittab: number;
    readonly FS: FileSystem;
  };
  readonly globals: Held & { delete(name: string): void };
}

/** An object of Python's that the realm holds. */
export interface Held {
  (...args: readonly unknown[]): unknown;
  get(name: string): Held;
  getBuffer(type: 'u8'): { readonly data: Uint8Array };
  destroy(): void;
}

/** Emscripten's file system, which is memory of the process. */
export interface FileSystem {
  readonly ErrnoError: new (code: number) => Error;
  open(path: unknown, flags?: unknown, mode?: unknown): unknown;
}
