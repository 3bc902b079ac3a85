import type { Match } from '../../index.ts';
import { clip, clipStart, pad, widthOf } from './cells.ts';
import { sourceText } from './matches-as/json.ts';
import { titleOf } from './matches-as/title.ts';
import type { Terms } from './report.ts';
import { severityCell } from './severity.ts';
import { severityOf } from './shown-matches.ts';
import { tellingFields } from './telling.ts';
import { timeCell } from './time-cell.ts';

const INDENT = '    ';
const GAP = '  ';
/** The share of a line that the place may take. */
const MOST_PLACE = 0.45;
const LEAST_TITLE = 20;

/** Two lines a match, for terminals that a table does not fit: what was found, and where, with what says most. */
export function matchCards(matches: readonly Match[], { paint, columns }: Terms): string[] {
  const severities = matches.map((match) => severityCell(severityOf(match)));
  const widest = severities.reduce((width, { text }) => Math.max(width, text.length), 0);
  return matches.flatMap((match, at) => {
    const { text: severity, ink } = severities[at] ?? { text: '-' };
    const time = timeCell(match.time);
    const level = pad(severity, widest);
    const before = widthOf(time) + widest + 2 * GAP.length;
    const title = clip(titleOf(match), Math.max(LEAST_TITLE, columns - before));
    const techniques = fitting(match.rule.techniques, columns - before - widthOf(title) - GAP.length);
    const first = [time, ink === undefined ? level : paint(ink, level), paint('bold', title), techniques];
    const room = columns - INDENT.length;
    const place = clipStart(sourceText(match.record?.source), Math.floor(room * MOST_PLACE));
    const what = tellingFields(match.fields, match.record?.event);
    const second = INDENT + [paint('gray', place), clip(what, room - widthOf(place) - GAP.length)].join(GAP);
    return [first.join(GAP).trimEnd(), second.trimEnd()];
  });
}

/** As many of them as fit, none of them cut. */
function fitting(techniques: readonly string[], room: number): string {
  for (let taken = techniques.length; taken > 0; taken -= 1) {
    const more = techniques.length - taken;
    const text = techniques.slice(0, taken).join(' ') + (more === 0 ? '' : ` +${more}`);
    if (text.length <= room) return text;
  }
  return '';
}
