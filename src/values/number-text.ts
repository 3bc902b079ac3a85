/** Whether a text is a decimal number as most languages write them: a sign, digits with a point among them, an exponent; no blanks. */
export function isNumberText(text: string): boolean {
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);
}
