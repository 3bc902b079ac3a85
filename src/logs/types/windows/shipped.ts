import { and, call, list, or, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import { choose, coalesce, concat, given, integer, isOneOf, mapped, own } from '../view-terms.ts';
import { SHIPPED } from './moves.ts';

/**
 * Data of events as the events have them, made again where a shipper's pipeline has taken them apart (elastic/beats, the modules sysmon and
 * powershell; elastic/integrations, windows). What a document does not say is missing: no default stands for it.
 */

const isThere = (...names: readonly string[]): Expr =>
  or(names.map((name) => ({ kind: 'exists', subject: own(name), counts: 'value' })));

/** A process id as the security channel writes it, of the number that a pipeline made of it. */
export const shippedPid: Expr = given(
  isThere(SHIPPED.pid),
  concat(text('0x'), call('kusto.tohex', [integer(own(SHIPPED.pid))])),
);

const account = (domain: string, name: string): Expr =>
  given(and([isThere(name), isThere(domain)]), concat(own(domain), text('\\'), own(name)));
export const shippedUser: Expr = coalesce(account(SHIPPED.domain, SHIPPED.user), own('User'));
const connectedUser = account(SHIPPED.connectedDomain, SHIPPED.connectedUser);

const hashes: Expr = list([
  concat(text('MD5='), own(SHIPPED.md5)),
  concat(text('SHA1='), own(SHIPPED.sha1)),
  concat(text('SHA256='), own(SHIPPED.sha256)),
  concat(text('IMPHASH='), own(SHIPPED.imphash)),
]);
const hasHashes = isThere(SHIPPED.md5, SHIPPED.sha1, SHIPPED.sha256, SHIPPED.imphash);
export const shippedHashes: Expr = choose([[hasHashes, hashes]], own('Hashes'));
export const shippedHash: Expr = choose([[hasHashes, hashes]], own('Hash'));

export const initiated: Expr = choose(
  [
    [isOneOf(own(SHIPPED.direction), ['egress', 'outbound']), text('true')],
    [isOneOf(own(SHIPPED.direction), ['ingress', 'inbound']), text('false')],
  ],
  own('Initiated'),
);

const isIpv6 = (datum: string): Expr =>
  choose(
    [
      [isOneOf(own(SHIPPED.networkType), ['ipv6']), text('true')],
      [isOneOf(own(SHIPPED.networkType), ['ipv4']), text('false')],
    ],
    own(datum),
  );
export const sourceIsIpv6: Expr = isIpv6('SourceIsIpv6');
export const destinationIsIpv6: Expr = isIpv6('DestinationIsIpv6');

/** Codes of Windows' DNS client and what the pipelines call them. */
export const DNS_STATUS: Readonly<Record<string, string>> = {
  '0': 'SUCCESS',
  '5': 'ERROR_ACCESS_DENIED',
  '8': 'ERROR_NOT_ENOUGH_MEMORY',
  '13': 'ERROR_INVALID_DATA',
  '14': 'ERROR_OUTOFMEMORY',
  '123': 'ERROR_INVALID_NAME',
  '1214': 'ERROR_INVALID_NETNAME',
  '1223': 'ERROR_CANCELLED',
  '1460': 'ERROR_TIMEOUT',
  '4312': 'ERROR_OBJECT_NOT_FOUND',
  '9001': 'DNS_ERROR_RCODE_FORMAT_ERROR',
  '9002': 'DNS_ERROR_RCODE_SERVER_FAILURE',
  '9003': 'DNS_ERROR_RCODE_NAME_ERROR',
  '9004': 'DNS_ERROR_RCODE_NOT_IMPLEMENTED',
  '9005': 'DNS_ERROR_RCODE_REFUSED',
  '9501': 'DNS_INFO_NO_RECORDS',
  '9502': 'DNS_ERROR_BAD_PACKET',
  '9701': 'DNS_ERROR_RECORD_DOES_NOT_EXIST',
  '10054': 'WSAECONNRESET',
  '10055': 'WSAENOBUFS',
  '10060': 'WSAETIMEDOUT',
};
export const queryStatus: Expr = choose(
  [
    [
      isThere(SHIPPED.dnsStatus),
      mapped(
        own(SHIPPED.dnsStatus),
        Object.fromEntries(Object.entries(DNS_STATUS).map(([code, name]) => [name, code])),
        own(SHIPPED.dnsStatus),
      ),
    ],
  ],
  own('QueryStatus'),
);
export const queryResults: Expr = choose(
  [[isThere(SHIPPED.dnsAnswers), call('view.sysmon-query-results', [list([own(SHIPPED.dnsAnswers)])])]],
  own('QueryResults'),
);

export const registryDetails: Expr = choose(
  [
    [
      isThere(SHIPPED.registryType),
      call('view.sysmon-details', [own(SHIPPED.registryType), list([own(SHIPPED.registryStrings)])]),
    ],
  ],
  own('Details'),
);

const line = (label: string, name: string): Expr => given(isThere(name), concat(text(label), own(name)));

/** The lines of 4103's context, as PowerShell writes them. */
const context = (label: string, name: string): Expr => line(`        ${label} = `, name);
export const contextInfo: Expr = choose(
  [
    [
      isThere(SHIPPED.hostApplication, SHIPPED.engineVersion, SHIPPED.commandName),
      call('view.join', [
        list([
          context('Host Name', SHIPPED.hostName),
          context('Host Version', SHIPPED.hostVersion),
          context('Host ID', SHIPPED.hostId),
          context('Host Application', SHIPPED.hostApplication),
          context('Engine Version', SHIPPED.engineVersion),
          context('Runspace ID', SHIPPED.runspaceId),
          context('Pipeline ID', SHIPPED.pipelineId),
          context('Command Name', SHIPPED.commandName),
          context('Command Type', SHIPPED.commandType),
          context('Script Name', SHIPPED.scriptName),
          context('Command Path', SHIPPED.commandPath),
          context('Sequence Number', SHIPPED.sequence),
          given(isThere(SHIPPED.user), concat(text('        User = '), shippedUser)),
          given(isThere(SHIPPED.connectedUser), concat(text('        Connected User = '), connectedUser)),
          context('Shell ID', SHIPPED.shellId),
        ]),
        text('\n'),
      ]),
    ],
  ],
  own('ContextInfo'),
);

export const payload: Expr = choose(
  [[isThere(SHIPPED.invocations), call('view.powershell-payload', [list([own(SHIPPED.invocations)])])]],
  own('Payload'),
);

/** The unnamed data of an event: a list, or as Winlogbeat and others number them. */
const unnamedData: Expr = list([
  own('Data'),
  ...Array.from({ length: 12 }, (_, at) => own(`param${at + 1}`)),
  ...Array.from({ length: 6 }, (_, at) => own(`Data_${at + 1}`)),
]);

const detail = (label: string, name: string): Expr => line(`\t${label}=`, name);
const isClassic = and([
  isOneOf(own('Channel'), ['Windows PowerShell'], true),
  isThere(SHIPPED.hostApplication, SHIPPED.engineVersion, SHIPPED.engineState),
]);
/** The data of 400, 403, 600 and 800: two states, and the details as one text. */
export const dataOfEvent: Expr = choose(
  [
    [
      isClassic,
      list([
        unnamedData,
        own(SHIPPED.engineState),
        own(SHIPPED.engineStateBefore),
        own(SHIPPED.providerName),
        own(SHIPPED.providerState),
        own(SHIPPED.commandLine),
        call('view.join', [
          list([
            detail('NewEngineState', SHIPPED.engineState),
            detail('PreviousEngineState', SHIPPED.engineStateBefore),
            detail('ProviderName', SHIPPED.providerName),
            detail('NewProviderState', SHIPPED.providerState),
            detail('SequenceNumber', SHIPPED.sequence),
            detail('HostName', SHIPPED.hostName),
            detail('HostVersion', SHIPPED.hostVersion),
            detail('HostId', SHIPPED.hostId),
            detail('HostApplication', SHIPPED.hostApplication),
            detail('EngineVersion', SHIPPED.engineVersion),
            detail('RunspaceId', SHIPPED.runspaceId),
            detail('PipelineId', SHIPPED.pipelineId),
            detail('CommandName', SHIPPED.commandName),
            detail('CommandType', SHIPPED.commandType),
            detail('ScriptName', SHIPPED.scriptName),
            detail('CommandPath', SHIPPED.commandPath),
            detail('CommandLine', SHIPPED.commandLine),
          ]),
          text('\n'),
        ]),
        call('view.powershell-payload', [list([own(SHIPPED.invocations)])]),
      ]),
    ],
  ],
  unnamedData,
);

/** Which side began a connection; of one where nothing says it neither holds. */
export const isOutgoing: Expr = isOneOf(initiated, ['true'], true);
export const isIncoming: Expr = isOneOf(initiated, ['false'], true);
