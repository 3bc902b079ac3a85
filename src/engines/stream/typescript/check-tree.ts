import type { Truth } from '../../../values/value.ts';
import type { Logic } from '../program.ts';
import type { RecordMemo } from './memo.ts';

/** Logic in one form of object, which V8 reads quickest. */
export interface CheckNode {
  readonly op: 'truth' | 'test' | 'and' | 'or' | 'not' | 'if';
  readonly predicate: number;
  readonly value: Truth;
  readonly items: readonly CheckNode[];
}

/** How much asking costs: what is cheap and mostly false goes first, which changes no verdict. */
export type CostOf = (predicate: number) => number;

export function checkTree(logic: Logic, costOf: CostOf): CheckNode {
  switch (logic.kind) {
    case 'truth':
      return { op: 'truth', predicate: 0, value: logic.value, items: [] };
    case 'test':
      return { op: 'test', predicate: logic.predicate, value: null, items: [] };
    case 'and':
    case 'or': {
      const items = logic.items
        .map((item) => ({ node: checkTree(item, costOf), cost: costOfLogic(item, costOf) }))
        .sort((a, b) => a.cost - b.cost)
        .map(({ node }) => node);
      return { op: logic.kind, predicate: 0, value: null, items };
    }
    case 'not':
      return { op: 'not', predicate: 0, value: null, items: [checkTree(logic.item, costOf)] };
    case 'if': {
      const items = [logic.when, logic.then, logic.otherwise].map((item) => checkTree(item, costOf));
      return { op: 'if', predicate: 0, value: null, items };
    }
  }
}

function costOfLogic(logic: Logic, costOf: CostOf): number {
  switch (logic.kind) {
    case 'truth':
      return 0;
    case 'test':
      return costOf(logic.predicate);
    case 'and':
    case 'or':
      return logic.items.reduce((sum, item) => sum + costOfLogic(item, costOf), 0);
    case 'not':
      return costOfLogic(logic.item, costOf) + 0.5;
    case 'if':
      return [logic.when, logic.then, logic.otherwise].reduce((sum, item) => sum + costOfLogic(item, costOf), 0);
  }
}

export function check(node: CheckNode, memo: RecordMemo): Truth {
  switch (node.op) {
    case 'truth':
      return node.value;
    case 'test':
      return memo.truth(node.predicate);
    case 'and':
      return junction(node.items, memo, false);
    case 'or':
      return junction(node.items, memo, true);
    case 'not': {
      const [item] = node.items;
      const truth = item === undefined ? null : check(item, memo);
      return truth === null ? null : !truth;
    }
    case 'if': {
      const [when, then, otherwise] = node.items;
      const branch = when !== undefined && check(when, memo) === true ? then : otherwise;
      return branch === undefined ? null : check(branch, memo);
    }
  }
}

/** Kleene's `and` (`decisive` false) and `or` (`decisive` true): the decisive value wins, then unknown. */
function junction(items: readonly CheckNode[], memo: RecordMemo, decisive: boolean): Truth {
  let unknown = false;
  for (const item of items) {
    const truth = item.op === 'test' ? memo.truth(item.predicate) : check(item, memo);
    if (truth === decisive) return decisive;
    if (truth === null) unknown = true;
  }
  return unknown ? null : !decisive;
}
