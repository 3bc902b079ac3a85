const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text for an attribute. XML 1.0 has no way at all to write most control characters. */
export function attribute(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (special) => entities[special] ?? special)
    .replace(/[\t\n\r]/g, (space) => `&#${space.charCodeAt(0)};`);
}
