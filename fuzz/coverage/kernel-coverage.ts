import type { Coverage } from '../engine/target.ts';
import { EDGES, withEdges } from './kernel-edges.ts';

/** What of WebAssembly the language's own library does not declare. */
interface Api {
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
}

interface Global {
  value: number;
}

/**
 * The edges of the kernel that were taken, over all its instances. Whatever is made by `new WebAssembly.Module` after this is counted: the
 * product knows nothing of it.
 */
export class KernelCoverage implements Coverage {
  private readonly instances: Global[][] = [];
  /** The bits of each global that were ever set. */
  private readonly taken: number[] = [];
  private globals = 0;

  constructor() {
    const api = (globalThis as unknown as { readonly WebAssembly: Api }).WebAssembly;
    const { Module, Instance } = api;
    const ours = new WeakSet<object>();
    const count = (code: Uint8Array): object => {
      const counted = withEdges(code);
      this.globals = counted.globals;
      const module = new Module(counted.code);
      ours.add(module);
      return module;
    };
    const follow = (module: object, imports: object): { readonly exports: Readonly<Record<string, unknown>> } => {
      const instance = new Instance(module, imports);
      if (ours.has(module)) this.follow(instance.exports);
      return instance;
    };
    api.Module = new Proxy(Module, { construct: (_, [code]) => count(code as Uint8Array) });
    api.Instance = new Proxy(Instance, {
      construct: (_, [module, imports]) => follow(module as object, imports as object),
    });
  }

  get reached(): number {
    return this.taken.reduce((sum, bits) => sum + bits.toString(2).replaceAll('0', '').length, 0);
  }

  reachedMore(record: boolean): boolean {
    let more = false;
    for (const globals of this.instances) {
      for (const [at, global] of globals.entries()) {
        const news = global.value & ~(this.taken[at] ?? 0);
        global.value = 0;
        if (news === 0) continue;
        more = true;
        if (record) this.taken[at] = ((this.taken[at] ?? 0) | news) >>> 0;
      }
    }
    // What is not asked any more is of no interest: the newest instances are.
    this.instances.splice(0, Math.max(0, this.instances.length - 8));
    return more;
  }

  private follow(exports: Readonly<Record<string, unknown>>): void {
    this.instances.push(Array.from({ length: this.globals }, (_, at) => exports[`${EDGES}${at}`] as Global));
  }
}
