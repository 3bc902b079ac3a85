import { DOCUMENT_NAMES } from './undeclared/ecs-document.ts';
import { PATH_FIELDS, PATH_START } from './undeclared/sigma-forms.ts';

/** How little recognition looks at some values. A reader of lines learns by it what lines that look alike are. */
export interface Looks {
  /** Keys at top level of whose values only the kind matters. */
  readonly kindOnly: ReadonlySet<string>;
  /** Keys at top level of whose texts only the first characters matter. */
  readonly startOnly: ReadonlySet<string>;
  /** So many characters of them. */
  readonly startLength: number;
  /**
   * Where all names at top level are asked for, those that matter: of others only whether there are any, and whether there are any
   * that go on behind one of these and a dot.
   */
  readonly names: ReadonlySet<string>;
}

/**
 * What `recognise` and typings look at. Were more of it looked at after all, some records would be taken for something else than they
 * are when they are looked at so little: of those nothing is learned.
 */
export const LOOKS: Looks = {
  kindOnly: new Set([
    'TimeGenerated',
    'Timestamp',
    'timestamp',
    'message',
    'hostname',
    'appname',
    'eventVersion',
    'awsRegion',
    'eventSource',
    'eventName',
    'time',
    'eventTimestamp',
    'resourceId',
    'operationName',
  ]),
  startOnly: PATH_FIELDS,
  startLength: PATH_START,
  names: DOCUMENT_NAMES,
};
