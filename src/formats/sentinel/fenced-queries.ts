import { embeddedText, type SourceText } from '../../base/source-text.ts';

/** A query between the fences of a Markdown page. */
export interface FencedQuery {
  readonly query: SourceText;
  /** The heading that it stands under, without its marks. */
  readonly heading: string | undefined;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([A-Za-z]*)/;

/** The blocks of a page that say they are Kusto: ```` ```kql ```` and ```` ```kusto ````. A block without an end goes to the end of the page. */
export function fencedQueries(page: SourceText): readonly FencedQuery[] {
  const found: FencedQuery[] = [];
  let heading: string | undefined;
  let open: { readonly fence: string; readonly isQuery: boolean; readonly start: number } | undefined;
  let at = 0;
  const close = (end: number): void => {
    if (open?.isQuery === true && page.text.slice(open.start, end).trim() !== '') {
      const query = embeddedText(page.name, page.text.slice(open.start, end), [{ at: 0, file: open.start }]);
      found.push({ query, heading });
    }
    open = undefined;
  };
  for (const line of page.text.split('\n')) {
    const next = at + line.length + 1;
    const fence = FENCE.exec(line);
    if (open !== undefined) {
      if (fence?.[1]?.startsWith(open.fence) === true && line.trim() === fence[1]) close(at);
    } else if (fence?.[1] !== undefined) {
      open = { fence: fence[1], isQuery: /^(?:kql|kusto)$/i.test(fence[2] ?? ''), start: next };
    } else heading = /^#{1,6}\s(.*)/.exec(line)?.[1]?.trim() || heading;
    at = next;
  }
  close(page.text.length);
  return found;
}
