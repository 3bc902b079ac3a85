/** The text ends before the element does. */
export class XmlCut extends Error {}

/** What stands in the text is no XML; the message says what of it. */
export class NotXml extends Error {}

/** The element is broken off: another event begins before it ends. */
export class XmlCutOff extends Error {}
