/** Examples of the documentation whose printed answer is not matched, each with the reason. */
export const DIFFERENCES: readonly (readonly [string, string])[] = [
  ['array-iff-function.md:68:1', 'the page prints the array of texts without quotes, which is no JSON'],
  ['array-iff-function.md:86:2', 'the page prints another condition than the one the query gives'],
  ['join-innerunique.md:125:2', 'which of the left rows with a key is kept is not defined, and the page shows another'],
  ['join-innerunique.md:158:3', 'which of the left rows with a key is kept is not defined, and the page shows another'],
  [
    'parse-url-function.md:39:0',
    'the page prints a bag inside a text with bare quotes, and the path without its slash',
  ],
  ['parse-url-query-function.md:39:0', 'the page prints a bag inside a text with bare quotes, which is no JSON'],
  ['range-function.md:61:1', 'the page shortens the array with dots'],
  ['range-function.md:94:3', 'the page prints a row of another query'],
  ['range-operator.md:77:1', 'the page prints only some of the rows'],
  ['toguid-function.md:44:0', 'the page prints "isn\'t" where the query says "is not"'],
  ['unicode-codepoints-to-string-function.md:103:4', 'the page prints no row'],
  ['url-encode-function.md:40:0', 'the page prints a slash that the query does not have'],
];
