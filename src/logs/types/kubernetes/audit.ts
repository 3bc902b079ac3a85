import type { JsonObject } from '../../../base/json.ts';
import { call, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { LogType } from '../../log-type.ts';
import { declare, type Terms } from '../declaration.ts';
import { has, textOf } from '../record-tests.ts';
import { choose, coalesce, fieldOf, given, isOneOf, own } from '../view-terms.ts';

function isAudit(event: JsonObject): boolean {
  if (has(event, 'auditID', 'apiVersion')) return has(event, 'verb') || has(event, 'stage');
  return has(event, 'category', 'properties.log') && (textOf(event, 'category') ?? '').startsWith('kube-audit');
}

/** A field of the event; AKS exports the event as the text `properties.log`, Elastic below `kubernetes.audit`. */
function inside(path: string): Expr {
  return coalesce(
    own(path),
    call('view.json-path', [own('properties.log'), text(path)]),
    own(`kubernetes.audit.${path}`),
  );
}

/** Fields of the event that rules name, besides those of its objects. */
const FIELDS =
  'verb level stage auditID kind apiVersion requestURI userAgent sourceIPs user.username user.groups user.uid user.extra impersonatedUser.username impersonatedUser.groups objectRef.resource objectRef.subresource objectRef.namespace objectRef.name objectRef.apiGroup objectRef.apiVersion responseStatus.code responseStatus.reason responseStatus.status responseStatus.message requestReceivedTimestamp stageTimestamp'.split(
    ' ',
  );

const SPEC = 'requestObject.spec';
const SHORT: Readonly<Record<string, string>> = {
  apiGroup: 'objectRef.apiGroup',
  resource: 'objectRef.resource',
  subresource: 'objectRef.subresource',
  namespace: 'objectRef.namespace',
  username: 'user.username',
  hostPath: `${SPEC}.volumes.hostPath.path`,
  capabilities: `${SPEC}.containers.securityContext.capabilities.add`,
  privileged: `${SPEC}.containers.securityContext.privileged`,
};

const code = inside('responseStatus.code');
const decision = coalesce(
  own('annotations.authorization.k8s.io/decision'),
  inside('annotations.authorization.k8s.io/decision'),
);

/** Audit events of Kubernetes' API server. */
export const kubernetesAudit: LogType = declare({
  name: 'kubernetes.audit',
  description: 'Kubernetes audit log: of the API server, from EKS and AKS',
  recognises: isAudit,
  time: coalesce(inside('requestReceivedTimestamp'), inside('stageTimestamp'), own('time')),
  sigma: {
    product: 'kubernetes',
    category: 'application',
    service: 'audit',
    fields: Object.fromEntries([
      ...FIELDS.map((name) => [name, inside(name)]),
      ...Object.entries(SHORT).map(([name, path]) => [name, inside(path)]),
    ]) as Terms,
  },
  ecs: {
    module: 'kubernetes',
    dataset: 'kubernetes.audit_logs',
    indices: ['logs-kubernetes.audit_logs-default', 'filebeat-8.0.0'],
    documents: { below: 'kubernetes.audit' },
    fields: {
      'event.action': inside('verb'),
      'event.outcome': choose([
        [isOneOf(decision, ['allow']), text('success')],
        [isOneOf(decision, ['forbid']), text('failure')],
      ]),
      'source.ip': inside('sourceIPs'),
      'user.name': inside('user.username'),
      'user_agent.original': inside('userAgent'),
      'orchestrator.type': text('kubernetes'),
      'kubernetes.audit.annotations.authorization_k8s_io/decision': decision,
      'kubernetes.audit.responseStatus.code': code,
    },
    families: [{ prefix: 'kubernetes.audit.', field: (rest) => fieldOf(inside(rest)) }],
  },
  panther: given(
    { kind: 'exists', subject: own('properties.log'), counts: 'value' },
    text('Azure.MonitorActivity'),
    text('Amazon.EKS.Audit'),
  ),
  tables: Object.fromEntries(
    ['AKSAudit', 'AKSAuditAdmin'].map((table) => [
      table,
      {
        Verb: inside('verb'),
        ObjectRef: inside('objectRef'),
        User: inside('user'),
        RequestUri: inside('requestURI'),
        RequestObject: inside('requestObject'),
        ResponseObject: inside('responseObject'),
        ResponseStatus: inside('responseStatus'),
        SourceIps: inside('sourceIPs'),
        UserAgent: inside('userAgent'),
        AuditId: inside('auditID'),
        Stage: inside('stage'),
        Level: inside('level'),
        Annotations: inside('annotations'),
      },
    ]),
  ),
});
