/** Sees every node of a piece of syntax, in no order. What it gives is `enough` where what is inside is not to be seen. */
export function visit(node: unknown, see: (node: Record<string, unknown>) => unknown): void {
  const open: unknown[] = [node];
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    if (Array.isArray(each)) open.push(...each.filter((one) => one !== undefined));
    else if (typeof each === 'object' && each !== null) {
      const record = each as Record<string, unknown>;
      if (see(record) === 'enough') continue;
      for (const value of Object.values(record)) if (typeof value === 'object' && value !== null) open.push(value);
    }
  }
}
