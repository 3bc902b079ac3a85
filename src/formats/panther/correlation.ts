import { diagnostic } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { Span } from '../../base/span.ts';
import type { MapFields } from '../../languages/panther/index.ts';
import type { LoadContext } from '../rule-file.ts';
import { unknownReference } from './repository.ts';
import type { SignalCorrelation, SignalMember, SignalTransition } from './signals.ts';

const LOOKBACK_MINUTES = 15;
const ORDERS = ['Chronological', 'ReverseChronological'];
const KEYS = [
  'Group',
  'Sequence',
  'MatchCriteria',
  'Transitions',
  'LookbackWindowMinutes',
  'Schedule',
  'EventEvaluationOrder',
  'MinMatchCount',
];
const MEMBER_KEYS = ['ID', 'RuleID', 'MinMatchCount', 'MaxMatchCount', 'Absence'];

/** The `Detection` of a correlation rule. Undefined, with diagnostics, where it is wrong. */
export function readCorrelation(
  fields: MapFields,
  file: string,
  context: LoadContext,
): readonly SignalCorrelation[] | undefined {
  if (!fields.has('Detection')) {
    fields.missing('Detection');
    return undefined;
  }
  const parts = fields.maps('Detection');
  if (parts.length === 0 && fields.node.get('Detection')?.kind === 'list') {
    wrong(fields, 'it is empty', fields.node.get('Detection')?.span);
  }
  const correlations = parts.flatMap((part) => readPart(part, file, context) ?? []);
  return correlations.length === parts.length ? correlations : undefined;
}

function wrong(fields: MapFields, reason: string, span: Span = fields.node.span): undefined {
  fields.diagnostics.push(diagnostic('panther/correlation', { reason }, span));
  return undefined;
}

function readPart(fields: MapFields, file: string, context: LoadContext): SignalCorrelation | undefined {
  reportKeys(fields, KEYS);
  const kind = fields.has('Sequence') ? 'sequence' : 'group';
  if (fields.has('Group') === fields.has('Sequence')) {
    return wrong(
      fields,
      fields.has('Group') ? 'it has both `Group` and `Sequence`' : 'it has no `Group` or `Sequence`',
    );
  }
  const foreign = kind === 'group' ? 'Transitions' : 'MatchCriteria';
  if (fields.has(foreign)) wrong(fields, `a ${kind} has no \`${foreign}\``, fields.node.get(foreign)?.span);
  if (fields.has('MinMatchCount')) {
    const what = '`MinMatchCount` of a whole group';
    const span = fields.node.get('MinMatchCount')?.span;
    fields.diagnostics.push(diagnostic('unsupported/panther-correlation', { what }, span));
  }
  const lookbackMinutes = positive(fields, 'LookbackWindowMinutes') ?? LOOKBACK_MINUTES;
  readOrder(fields);
  readSchedule(fields);
  const members = fields.maps(kind === 'group' ? 'Group' : 'Sequence').flatMap((member) => readMember(member));
  if (members.length === 0) return wrong(fields, 'it has no members');
  for (const [index, { id, span }] of members.entries()) {
    if (members.findIndex((other) => other.id === id) < index) wrong(fields, `two members are called \`${id}\``, span);
  }
  if (members.every((member) => member.absent)) wrong(fields, 'all its members are absences');
  for (const { rule, span } of members) fields.diagnostics.push(...unknownReference(rule, file, span, context));
  const ids = members.map((member) => member.id);
  return {
    kind,
    members,
    criteria: kind === 'group' ? readCriteria(fields, ids) : [],
    transitions: kind === 'sequence' ? readTransitions(fields, members, lookbackMinutes) : [],
    lookbackMinutes,
  };
}

function reportKeys(fields: MapFields, keys: readonly string[]): void {
  for (const { key, keySpan } of fields.node.entries()) {
    if (keys.includes(key)) continue;
    fields.diagnostics.push(diagnostic('panther/unknown-key', { key, near: didYouMean(key, keys) }, keySpan));
  }
}

/** A whole number from 1. */
function positive(fields: MapFields, key: string): number | undefined {
  const number = fields.number(key);
  if (number === undefined || (Number.isInteger(number) && number >= 1)) return number;
  return wrong(fields, `\`${key}\` must be a whole number from 1`, fields.node.get(key)?.span);
}

/** The order in which the service reads signals; it decides nothing about whether they correlate. */
function readOrder(fields: MapFields): void {
  const order = fields.text('EventEvaluationOrder');
  if (order === undefined || ORDERS.includes(order)) return;
  wrong(
    fields,
    `\`EventEvaluationOrder\` is one of ${ORDERS.join(', ')}`,
    fields.node.get('EventEvaluationOrder')?.span,
  );
}

/** How often the service runs the rule; here it is run over all signals at once. */
function readSchedule(fields: MapFields): void {
  const node = fields.map('Schedule');
  if (node === undefined) return;
  const schedule = fields.inside(node, 'Schedule');
  positive(schedule, 'RateMinutes');
  positive(schedule, 'TimeoutMinutes');
  schedule.text('CronExpression');
}

function readMember(fields: MapFields): SignalMember[] {
  reportKeys(fields, MEMBER_KEYS);
  const rule = fields.name('RuleID');
  const id = fields.has('ID') ? fields.name('ID') : rule;
  const minimum = positive(fields, 'MinMatchCount') ?? 1;
  const maximum = positive(fields, 'MaxMatchCount');
  const absent = fields.boolean('Absence') ?? false;
  if (maximum !== undefined && maximum < minimum) {
    wrong(fields, '`MaxMatchCount` is below `MinMatchCount`', fields.node.get('MaxMatchCount')?.span);
  }
  if (rule === undefined || id === undefined) return [];
  const span = fields.node.get('RuleID')?.span ?? fields.node.span;
  return [{ id, rule, minimum, ...(maximum !== undefined && { maximum }), absent, span }];
}

function memberOf(fields: MapFields, key: string, ids: readonly string[]): string | undefined {
  const member = fields.name(key);
  if (member === undefined || ids.includes(member)) return member;
  const params = { member, near: didYouMean(member, ids) };
  fields.diagnostics.push(diagnostic('panther/unknown-member', params, fields.node.get(key)?.span));
  return undefined;
}

function readCriteria(fields: MapFields, ids: readonly string[]): SignalCorrelation['criteria'] {
  const node = fields.map('MatchCriteria');
  if (node === undefined) return [];
  const criteria = fields.inside(node, 'MatchCriteria');
  return node.entries().flatMap(({ key: name }) => {
    const parts = criteria.maps(name).flatMap((part) => {
      const member = memberOf(part, 'GroupID', ids);
      const field = part.requiredText('Match');
      return member === undefined || field === undefined ? [] : [{ member, field }];
    });
    return parts.length === 0 ? [] : [{ name, fields: parts }];
  });
}

/** Without `Transitions` the members follow each other as they are listed. */
function readTransitions(
  fields: MapFields,
  members: readonly SignalMember[],
  lookbackMinutes: number,
): readonly SignalTransition[] {
  if (!fields.has('Transitions')) {
    return members.slice(1).map((member, index) => ({
      from: members[index]?.id ?? '',
      to: member.id,
      withinMinutes: lookbackMinutes,
    }));
  }
  const ids = members.map((member) => member.id);
  return fields.maps('Transitions').flatMap((transition) => {
    reportKeys(transition, ['ID', 'From', 'To', 'WithinTimeFrameMinutes', 'Match']);
    const from = memberOf(transition, 'From', ids);
    const to = memberOf(transition, 'To', ids);
    const withinMinutes = positive(transition, 'WithinTimeFrameMinutes') ?? lookbackMinutes;
    const match = readMatch(transition);
    if (from === undefined || to === undefined) return [];
    return [{ from, to, withinMinutes, ...(match !== undefined && { match }) }];
  });
}

/** `Match: [{On: field}]`, or `[{From: field, To: field}]`. */
function readMatch(fields: MapFields): SignalTransition['match'] {
  const [match, other] = fields.maps('Match');
  if (match === undefined) return undefined;
  if (other !== undefined) wrong(fields, '`Match` has more than one entry', other.node.span);
  const on = match.text('On');
  const from = on ?? match.text('From');
  const to = on ?? match.text('To');
  if (from === undefined || to === undefined) return wrong(match, '`Match` needs `On`, or both `From` and `To`');
  return { from, to };
}
