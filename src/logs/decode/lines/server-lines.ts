import { parseSyslogLine } from '../text/syslog.ts';
import { accessLog, apacheError, nginxError, squid } from './access-log.ts';
import type { LineForm } from './line-form.ts';

const SERVER_FORMS: readonly LineForm[] = [accessLog, apacheError, nginxError, squid];
const SYSLOG_START = /^(?:\d{1,6} )?(?:<\d{1,3}>|[A-Z][a-z]{2} [ \d]\d |\d{4}-\d\d-\d\dT)/;

/** Lines of web servers and proxies that their own logger, or another, sent by syslog: the line, and the host of the head. */
export const serverLineInSyslog: LineForm = (line) => {
  if (!SYSLOG_START.test(line)) return undefined;
  const head = parseSyslogLine(line);
  const content = head?.['message'];
  if (typeof content !== 'string') return undefined;
  for (const form of SERVER_FORMS) {
    const found = form(content);
    if (found !== undefined)
      return { ...found, ...(head?.['hostname'] !== undefined && { hostname: head['hostname'] }) };
  }
  return undefined;
};
