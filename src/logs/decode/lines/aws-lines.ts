import { fewCells, type LineForm, present } from './line-form.ts';

/** Words of a line, where `"…"` and `[…]` are one word. */
function words(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.|"(?=\S))*)(?:"(?= |$)|\\?$)|\[([^\][]*)\]|(\S+)/g)].map(
    ([, quoted, bracketed, plain]) => quoted ?? bracketed ?? plain ?? '',
  );
}

const S3 =
  /^[0-9a-f]{40,64} \S+ \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] \S+ \S+ \S+ (?:REST|SOAP|WEBSITE|S3|BATCH)\.[A-Z0-9_.]+ /;
const S3_COLUMNS =
  'bucketowner bucket time remoteip requester requestid operation key requesturi httpstatus errorcode bytessent objectsize totaltime turnaroundtime referrer useragent versionid hostid signatureversion ciphersuite authenticationtype hostheader tlsVersion accesspointarn aclrequired'.split(
    ' ',
  );
const S3_NUMBERS = ['httpstatus', 'bytessent', 'objectsize', 'totaltime', 'turnaroundtime'];

/** Server access logs of S3, by the names that Panther gives their columns. */
export const s3Access: LineForm = (line) => (S3.test(line) ? columns(words(line), S3_COLUMNS, S3_NUMBERS) : undefined);

const ALB =
  /^(?:https?|h2|grpcs?|wss?|tls) \d{4}-\d\d-\d\dT\S+Z \S+ \S+:\d+ \S+ (?:-1|\d+(?:\.\d+)?) (?:-1|\d+(?:\.\d+)?) /;
const ALB_COLUMNS =
  'type timestamp elb client target requestProcessingTime targetProcessingTime responseProcessingTime elbStatusCode targetStatusCode receivedBytes sentBytes request userAgent sslCipher sslProtocol targetGroupArn traceId domainName chosenCertArn matchedRulePriority requestCreationTime actionsExecuted redirectUrl errorReason targets targetStatusCodes classification classificationReason'.split(
    ' ',
  );
const ALB_NUMBERS = ['elbStatusCode', 'targetStatusCode', 'receivedBytes', 'sentBytes'];

/** Access logs of Application Load Balancers, by the names that Panther gives their columns. */
export const albAccess: LineForm = (line) => {
  if (!ALB.test(line)) return undefined;
  const record = columns(words(line), ALB_COLUMNS, ALB_NUMBERS);
  const { client, target, request } = record;
  const [method, url, version] = String(request ?? '').split(' ');
  return {
    ...record,
    ...present({
      clientIp: addressOf(client),
      clientPort: portOf(client),
      targetIp: addressOf(target),
      targetPort: portOf(target),
    }),
    ...present({ requestHttpMethod: method, requestUrl: url, requestHttpVersion: version }),
  };
};

function addressOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value.replace(/:\d+$/, '') : undefined;
}

function portOf(value: unknown): string | undefined {
  return typeof value === 'string' ? /:(\d+)$/.exec(value)?.[1] : undefined;
}

const FLOW =
  /^\d \d{12} eni-[0-9a-f]+ (?:[0-9a-fA-F.:]+|-) (?:[0-9a-fA-F.:]+|-) (?:\d+|-) (?:\d+|-) (?:\d+|-) (?:\d+|-) (?:\d+|-) \d{9,10} \d{9,10} (?:ACCEPT|REJECT|-) (?:OK|NODATA|SKIPDATA)$/;
const FLOW_COLUMNS =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'.split(
    ' ',
  );

/** VPC flow logs in the default format, without header. */
export const vpcFlow: LineForm = (line) => (FLOW.test(line) ? columns(line.split(' '), FLOW_COLUMNS, []) : undefined);

function columns(
  cells: readonly string[],
  names: readonly string[],
  numbers: readonly string[],
): Record<string, string | number> {
  const found: Record<string, string | number> = {};
  for (const [at, cell] of fewCells(cells, ' ').entries()) {
    const name = names[at] ?? `column_${at + 1}`;
    if (cell === '-' || cell === '') continue;
    found[name] = numbers.includes(name) && /^\d{1,15}$/.test(cell) ? Number(cell) : cell;
  }
  return found;
}

/** MySQL's general query log: `2026-03-02T10:00:00.123456Z	    8 Query	SELECT 1`. */
const MYSQL =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(?:Z|[+-]\d\d:\d\d))\s+(\d+) (Connect|Query|Quit|Init DB|Execute|Prepare|Close stmt|Field List|Create DB|Drop DB|Refresh|Statistics|Processlist|Kill|Debug|Ping|Change user|Binlog Dump|Reset stmt|Set option|Fetch|Shutdown|Time|Sleep|Daemon)\t?(.*)$/s;

export const mysqlGeneral: LineForm = (line) => {
  const found = MYSQL.exec(line);
  if (found === null) return undefined;
  const [, time = '', connection = '', command = '', argument = ''] = found;
  return { query_time: time, connection_id: connection, command, argument };
};
