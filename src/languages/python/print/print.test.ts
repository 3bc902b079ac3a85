import { expect, test } from 'vitest';
import { withoutPlaces } from '../../../../test/without-places.ts';
import { sourceText } from '../../../base/source-text.ts';
import type { Module } from '../ast.ts';
import { parseModule } from '../parse/index.ts';
import { printModule } from './index.ts';

function read(text: string): Module {
  const found = parseModule(sourceText('x.py', text));
  if (!found.ok) throw new Error(`${found.problem.reason} at ${found.problem.at} of ${text}`);
  return found.module;
}

test.each([
  ['@cached(1)\ndef f(a, /, b: int = 1, *c, d, e=2, **g) -> str:\n    return a\n'],
  ['async def f():\n    async with a as b, c:\n        await d\n    async for x in y:\n        yield x\n'],
  ['class A(B, metaclass=C):\n    x: int = 1\n    def f(self): ...\n'],
  ['for a, *b in c:\n    continue\nelse:\n    pass\nwhile a:\n    break\nelse:\n    x\n'],
  ['if a:\n    b\nelif c:\n    d\nelse:\n    if e:\n        f\n'],
  ['try:\n    a\nexcept (B, C) as d:\n    raise\nexcept:\n    raise E from f\nelse:\n    g\nfinally:\n    h\n'],
  [
    'match a:\n    case {"b": [1, *_], **rest} if c:\n        d\n    case A(x, y=-1) | None | "s" as z:\n        pass\n',
  ],
  ['from .. import a as b\nfrom .c import *\nimport d.e as f, g\nglobal h\nnonlocal i\nassert j, k\ndel l, m[0]\n'],
  ['a = b = c, d = 1\ne += 2\nf //= 3\ng: "t"\n'],
  ['-(1 + 2) ** -x * (y or z and not w)\n((a := 1) if b else (lambda x, *y: x))\n'],
  ['(a.b[1:2:3, ..., ::4])(*c, d=1, **e)\n'],
  ['[x for x in (y for z in w if z if not z)]\n{k: v for k, v in a}\n{**b, 1: 2}\n{1, *c}\n()\n(1,)\n'],
  ['f"a{b!r:>{w}}{{}}" "c\\n" + rb"\\x" + b"\\xff\\"" + """d"e\'"""\n'],
  ['a < b <= c is not d not in e\n(a < b) < c\n1j + 0x1F + 1_000.5e-3 + 10 ** 400\n'],
])('%s is printed as what is read as the same tree', (text) => {
  const tree = read(text);
  expect(withoutPlaces(read(printModule(tree)))).toEqual(withoutPlaces(tree));
});
