import binaryen from 'binaryen';

/** What the pass needs of Binaryen that its declarations leave out. */
interface Setters {
  readonly If: {
    setIfTrue(node: number, to: number): void;
    setIfFalse(node: number, to: number): void;
  };
  readonly Loop: { setBody(node: number, to: number): void };
  readonly Function: { setBody(reference: number, to: number): void };
  readonly Block: { setChildAt(node: number, index: number, to: number): void };
}

const { If, Loop, Block, Function: Functions } = binaryen as unknown as Setters;

/** Where expressions hold others; what else has these names is no expression. */
const CHILDREN = [
  'condition',
  'ifTrue',
  'ifFalse',
  'body',
  'children',
  'value',
  'ptr',
  'left',
  'right',
  'operands',
  'vec',
  'a',
  'b',
  'c',
];

/** What holds no expressions; Binaryen describes `unreachable` not at all. */
const LEAVES: ReadonlySet<number> = new Set([binaryen.ExpressionIds.Const, binaryen.ExpressionIds.Unreachable]);

/** How the exported globals that say which edges were taken are called; the bits of each are edges. */
export const EDGES = 'edges ';
const BITS = 32;

/**
 * WebAssembly with a bit for each edge of its control flow, in exported globals of 32, that is set when the edge is taken: functions
 * that are entered, both ways of an `if` and of a conditional branch, rounds of a loop.
 */
export function withEdges(code: Uint8Array): { readonly code: Uint8Array; readonly globals: number } {
  const module = binaryen.readBinary(code);
  module.setFeatures(binaryen.Features.All);
  const pass = new EdgePass(module);
  for (let at = 0; at < module.getNumFunctions(); at += 1) pass.instrument(module.getFunctionByIndex(at));
  if (module.validate() === 0) throw new Error('the kernel with counters of edges is not valid');
  const made = module.emitBinary();
  module.dispose();
  return { code: made, globals: Math.ceil(pass.edges / BITS) };
}

class EdgePass {
  edges = 0;
  private readonly module: binaryen.Module;

  constructor(module: binaryen.Module) {
    this.module = module;
  }

  instrument(reference: number): void {
    const { base, body } = binaryen.getFunctionInfo(reference) as binaryen.FunctionInfo & { readonly base?: string };
    if (body === 0 || (base ?? '') !== '') return;
    this.visit(body);
    Functions.setBody(reference, this.after(body));
  }

  private visit(node: number): void {
    if (LEAVES.has(binaryen.getExpressionId(node))) return;
    const info = binaryen.getExpressionInfo(node);
    for (const child of childrenOf(info)) this.visit(child);
    switch (info.id) {
      case binaryen.ExpressionIds.If: {
        const { ifTrue, ifFalse } = info as binaryen.IfInfo;
        If.setIfTrue(node, this.after(ifTrue));
        If.setIfFalse(node, ifFalse === 0 ? this.edge() : this.after(ifFalse));
        break;
      }
      case binaryen.ExpressionIds.Loop:
        Loop.setBody(node, this.after((info as binaryen.LoopInfo).body));
        break;
      case binaryen.ExpressionIds.Block:
        for (const [index, child] of (info as binaryen.BlockInfo).children.entries()) {
          if (isConditionalBranch(child)) Block.setChildAt(node, index, this.both(child));
        }
        break;
    }
  }

  /** Both ways of a conditional branch that carries no value. */
  private both(branch: number): number {
    const { name, condition } = binaryen.getExpressionInfo(branch) as binaryen.BreakInfo;
    const taken = this.module.block(null, [this.edge(), this.module.br(name)]);
    return this.module.if(condition, taken, this.edge());
  }

  /** An edge, and what comes after it. */
  private after(node: number): number {
    return this.module.block(null, [this.edge(), node], binaryen.getExpressionType(node));
  }

  private edge(): number {
    const name = `${EDGES}${Math.floor(this.edges / BITS)}`;
    const bit = 1 << (this.edges % BITS);
    if (bit === 1) {
      this.module.addGlobal(name, binaryen.i32, true, this.module.i32.const(0));
      this.module.addGlobalExport(name, name);
    }
    this.edges += 1;
    const { i32, global } = this.module;
    return global.set(name, i32.or(global.get(name, binaryen.i32), i32.const(bit)));
  }
}

function isConditionalBranch(node: number): boolean {
  if (binaryen.getExpressionId(node) !== binaryen.ExpressionIds.Break) return false;
  const { condition, value } = binaryen.getExpressionInfo(node) as binaryen.BreakInfo;
  return condition !== 0 && value === 0;
}

function childrenOf(info: binaryen.ExpressionInfo): readonly number[] {
  return CHILDREN.flatMap((name) => {
    const held: unknown = Reflect.get(info, name);
    if (Array.isArray(held)) return held.filter((each) => typeof each === 'number' && each !== 0);
    return typeof held === 'number' && held !== 0 ? [held] : [];
  });
}
