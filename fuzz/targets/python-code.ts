import { sourceText } from '../../src/base/source-text.ts';
import { tierOf } from '../../src/engines/python/tiers.ts';
import { parseModule, printModule } from '../../src/languages/python/index.ts';
import { pythonRule } from '../../test/python-rule.ts';
import { hold } from '../engine/target.ts';
import { holdSame, withoutPlaces } from './oracles.ts';
import { textTargetOf } from './target-of.ts';

const KEYWORDS =
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield match case type';

export default textTargetOf({
  name: 'python-code',
  about: 'Python modules: read, printed and read again, translated to what is known of them without Python',
  seeds: [
    'def rule(event):\n    return event.get("a") == "b" and not event.deep_get("c", "d", default=1) in (1, 2)\n',
    'import re\nX = {"a", "b"}\n\ndef rule(event):\n    if event.get("n", 0) > 3:\n        return any(x in X for x in event.get("l", []))\n    return bool(re.match(r"^a+$", event["s"]))\n\ndef title(event):\n    return f"{event.get(\'n\'):>5} {X!r}"\n',
    'class A:\n    """doc"""\n    @property\n    def x(self): return self._x\n\nasync def f(*a, b: int = 1, **c) -> str:\n    async with g() as h, i:\n        yield await j\n',
    'try:\n    x = [i ** 2 for i in range(10) if i % 2 == 0]\nexcept (A, B) as e:\n    raise C from e\nelse:\n    del x[1:2]\nfinally:\n    pass\n',
    'match x:\n    case {"a": [1, *rest], **more} if rest:\n        y = lambda a, /, b=1, *, c: a if b else c\n    case A(b=1) | None as z:\n        pass\n    case _:\n        global q\n',
    'a: int = 0x1F + 1_000 - 1e3 // 2.5j; b = not a; c = (d := a) if a is not b else ~d << 2\n',
    's = "a\\x41\\u0041\\N{DASH}" \'b\' b"c" rb\'\\d\' """t\n""" f"{a=} {b!s:{c}}"\n',
    'def rule(event):\n    for key in ("a", "b"):\n        if event.get(key, "").startswith(("x", "y")):\n            return True\n    return len(event.get("tags") or []) >= 2 and event.udm("source_ip") is None\n',
  ],
  words: [
    ...KEYWORDS.split(' '),
    ...[
      '\n    ',
      '\n',
      ':',
      ':=',
      '==',
      '!=',
      '->',
      '**',
      '//',
      '@',
      '...',
      '"""',
      "f'{x!r}'",
      "b'x'",
      'r"\\d"',
      '\\\n',
      '#',
      '0x1F',
      '1e5',
      '1_0',
    ],
    ...[
      'event',
      'event.get(',
      '.deep_get(',
      'rule',
      'len(',
      'any(',
      'startswith',
      'lower()',
      're.search(',
      'isinstance(',
      'str',
      'dict',
    ],
  ],
  functions: { parseModule, printModule },
  // A walrus is printed as an assignment.
  planted: (own) => ({ ...own, printModule: (module) => own.printModule(module).replace(' := ', ' == ') }),
  check(text, { parseModule, printModule }) {
    const read = parseModule(sourceText('x.py', text));
    if (!read.ok) {
      const { at, reason } = read.problem;
      hold(
        reason !== '' && at >= 0 && at <= text.length,
        `the problem ${reason} is at ${at} of ${text.length} characters`,
      );
    } else {
      const printed = printModule(read.module);
      const again = parseModule(sourceText('x.py', printed));
      hold(again.ok, () => `what is printed cannot be read: ${printed}`);
      holdSame(withoutPlaces(again.module), withoutPlaces(read.module), `what is printed as ${printed}`);
    }
    const tier = tierOf(pythonRule('R', text));
    hold(tier !== undefined && [1, 2, 3].includes(tier.tier), 'a rule in Python has a tier');
  },
});
