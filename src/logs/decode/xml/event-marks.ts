/** A prefix of a namespace: `ns:Event` is an event as `Event` is. */
const PREFIX = '(?:[A-Za-z_][\\w.-]{0,31}:)?';
const EVENT = new RegExp(`<(${PREFIX})Event(?=[\\s>/])`, 'g');
const EVENT_HERE = new RegExp(EVENT.source, 'y');
const LIST_HERE = new RegExp(`<(/?)${PREFIX}Events(?=[\\s>/])`, 'y');
const OTHER_HERE = /<(?:\?|!--|!DOCTYPE)/y;

/** What is left to be seen of a text that is longer than this cannot change which of these marks it begins with. */
export const LONGEST_MARK = 48;

/** The marks that stand around an event: declarations, and the lists of Event Viewer and of the task scheduler's export. */
export const PROLOGUE: RegExp = new RegExp(`<\\?[^>]*\\?>|</?${PREFIX}Events[^>]*>|<DataItem[^>]*>`, 'g');

/** Where the next event begins, from a place on; -1 where none does. */
export function eventStart(text: string, from: number): number {
  EVENT.lastIndex = from;
  return EVENT.exec(text)?.index ?? -1;
}

/** What ends the event that begins at a place; undefined where none does. */
export function eventEndMark(text: string, at: number): string | undefined {
  EVENT_HERE.lastIndex = at;
  const prefix = EVENT_HERE.exec(text)?.[1];
  return prefix === undefined ? undefined : `</${prefix}Event>`;
}

/** Whether a list of events begins or ends at a place. */
export function listMark(text: string, at: number): 'begins' | 'ends' | undefined {
  LIST_HERE.lastIndex = at;
  const slash = LIST_HERE.exec(text)?.[1];
  return slash === undefined ? undefined : slash === '' ? 'begins' : 'ends';
}

/** Whether what may stand around events begins at a place: a declaration, a comment, a list. */
export function isAroundEvents(text: string, at: number): boolean {
  OTHER_HERE.lastIndex = at;
  return OTHER_HERE.test(text) || listMark(text, at) !== undefined;
}

/** Whether a text has events, or what stands around them, at a place: `<13>` is the priority of a syslog line. */
export function isEventMarkup(text: string, at: number): boolean {
  return text.charCodeAt(at) === 0x3c && (eventEndMark(text, at) !== undefined || isAroundEvents(text, at));
}
