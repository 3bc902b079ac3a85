import type { Signature } from './signature.ts';

/** Functions that views need: picking and reshaping what raw records hold. */
export type ViewFunction =
  | 'view.first'
  | 'view.text'
  | 'view.coalesce'
  | 'view.lookup-normalised'
  | 'view.normalised'
  | 'view.ip'
  | 'view.multiply'
  | 'view.number'
  | 'view.integer'
  | 'view.pair'
  | 'view.capture'
  | 'view.windows-args'
  | 'view.join'
  | 'view.count'
  | 'view.java-text'
  | 'view.java-fields'
  | 'view.json-path';

export const viewFunctions: Record<ViewFunction, Signature> = {
  'view.first': { parameters: ['scalar'], result: 'scalar', nulls: 'propagate', doc: 'The first of several values.' },
  'view.text': {
    parameters: ['scalar'],
    result: 'string',
    nulls: 'propagate',
    doc: 'The value where it is a text, else missing: numbers and lists are none.',
  },
  'view.coalesce': {
    parameters: ['scalar'],
    rest: true,
    result: 'scalar',
    nulls: 'handled',
    doc: 'The first argument that is neither missing nor null.',
  },
  'view.lookup-normalised': {
    parameters: ['dynamic', 'string'],
    result: 'scalar',
    nulls: 'propagate',
    doc: 'The member of a map whose key, with every `.` read as `_`, is the second argument.',
  },
  'view.normalised': {
    parameters: ['dynamic'],
    result: 'dynamic',
    nulls: 'propagate',
    doc: 'The map with every `.` in its keys read as `_`; of keys that become equal the first counts.',
  },
  'view.ip': {
    parameters: ['string'],
    result: 'string',
    nulls: 'propagate',
    doc: 'The text if it is an IP address, else missing.',
  },
  'view.multiply': {
    parameters: ['real', 'real'],
    result: 'real',
    nulls: 'propagate',
    doc: 'The product; missing when a factor is no number.',
  },
  'view.number': {
    parameters: ['scalar'],
    result: 'real',
    nulls: 'propagate',
    doc: 'The number that the value is or spells, else missing.',
  },
  'view.integer': {
    parameters: ['scalar'],
    result: 'long',
    nulls: 'propagate',
    doc: 'The whole number that the value is or spells, in decimal or as `0x` and hexadecimal digits, else missing.',
  },
  'view.pair': {
    parameters: ['string', 'string'],
    result: 'string',
    nulls: 'propagate',
    doc: 'From `KEY=value,KEY=value`, the value of the key named second, whatever its case, else missing.',
  },
  'view.capture': {
    parameters: ['string', 'string', 'int'],
    result: 'string',
    nulls: 'propagate',
    doc: 'What a group of a regular expression (written by a view, never by a rule) captures, else missing.',
  },
  'view.windows-args': {
    parameters: ['string'],
    result: 'dynamic',
    nulls: 'propagate',
    doc: 'The arguments of a Windows command line, split as CommandLineToArgvW does.',
  },
  'view.join': {
    parameters: ['scalar', 'string'],
    result: 'string',
    nulls: 'propagate',
    doc: 'The values of a list, each as text, with the second argument between them; a single value as it is.',
  },
  'view.count': {
    parameters: ['scalar'],
    result: 'long',
    nulls: 'propagate',
    doc: 'How many values there are.',
  },
  'view.java-text': {
    parameters: ['dynamic'],
    result: 'string',
    nulls: 'propagate',
    doc: 'A map or array as Java prints it, `{a=b, c=[d, e]}`: what ingest pipelines make with `toString`.',
  },
  'view.java-fields': {
    parameters: ['dynamic'],
    result: 'dynamic',
    nulls: 'propagate',
    doc: 'The value unless its Java text is 32,766 characters or longer: what ingest pipelines keep as flattened fields.',
  },
  'view.json-path': {
    parameters: ['scalar', 'string'],
    result: 'scalar',
    nulls: 'propagate',
    doc: 'What stands at a dotted path (an empty one: all) inside a map or inside the JSON text of one, else missing.',
  },
};
