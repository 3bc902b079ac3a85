import { accessLog, apacheError, elbAccess, haproxy, nginxError, squid } from './access-log.ts';
import { albAccess, mysqlGeneral, s3Access, vpcFlow } from './aws-lines.ts';
import { cisco, huawei, junos, panos, snare } from './devices.ts';
import { cef, fortinet, leef } from './event-formats.ts';
import { checkPoint, pfsense, sonicWall, sophos } from './firewalls.ts';
import type { LineForm } from './line-form.ts';
import { bindQuery, dnsmasq, route53Query, umbrellaDns, windowsDnsDebug } from './name-servers.ts';
import { serverLineInSyslog } from './server-lines.ts';
import { unifiedLog } from './unified-log.ts';

export type { LineForm } from './line-form.ts';

/** The forms that lines are known in by a mark of their own, whatever else is in the file; the first that fits counts. */
export const LINE_FORMS: readonly LineForm[] = [
  cef,
  leef,
  cisco,
  huawei,
  fortinet,
  panos,
  pfsense,
  sonicWall,
  sophos,
  checkPoint,
  snare,
  s3Access,
  accessLog,
  apacheError,
  nginxError,
  squid,
  albAccess,
  elbAccess,
  haproxy,
  serverLineInSyslog,
  vpcFlow,
  bindQuery,
  dnsmasq,
  umbrellaDns,
  route53Query,
  windowsDnsDebug,
  mysqlGeneral,
  junos,
  unifiedLog,
];
