/** An expectation of the forms that its own records contradict, and the records that match by the rule's words. */
export interface Mistake {
  readonly files: readonly string[];
  /** As `rulesOf` names it. */
  readonly what: string;
  readonly records: readonly number[];
  readonly reason: string;
}

const SECURITY = ['win-eventviewer.xml', 'win-toxml-lines.txt', 'win-wevtutil-f-xml.xml'];

export const MISTAKES: readonly Mistake[] = [
  {
    files: ['access.log.2.gz'],
    what: 'must match: access-log-2-gz-fields',
    records: [0, 1, 2],
    reason: 'all three lines are the same GET with status 200 from 203.0.113.9, one second apart',
  },
  {
    files: ['access.log.3.zst'],
    what: 'must match: access-log-3-zst-fields',
    records: [0, 1, 2],
    reason: 'all three lines are the same GET with status 200 from 203.0.113.9, one second apart',
  },
  {
    files: SECURITY,
    what: 'must match: security-4688',
    records: [0, 1],
    reason: 'the second event is a 4688 with the same NewProcessName, and differs in its command line only',
  },
  {
    files: SECURITY,
    what: 'must match: subject',
    records: [0, 1],
    reason: 'SubjectUserName is alice in both events',
  },
  {
    files: ['win-splunk-hec-xml.ndjson', 'win-sysmon-multiline.xml', 'win-sysmon-utf16.xml'],
    what: 'must not match: not-network',
    records: [1],
    reason: "the second event is Sysmon's event 3, a network connection, and its Image has a backslash",
  },
];
