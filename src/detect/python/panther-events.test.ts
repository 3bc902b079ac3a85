import { describe, expect, test } from 'vitest';
import { pythonRule } from '../../../test/python-rule.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { sourceText } from '../../base/source-text.ts';
import { pantherFormat } from '../../formats/panther/panther.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { pantherSchema } from '../../schemas/panther.ts';
import { createRuleSession, type SessionOptions } from '../rule-session.ts';

/** One event of the service control manager in every form in which Windows events come. */
const DATA = { ServiceName: 'PSEXESVC', ImagePath: '%SystemRoot%\\PSEXESVC.exe', ServiceType: 'user mode service' };
const PROVIDER = 'Service Control Manager';
const TIME = '2026-01-02T03:04:05Z';

function forms(id: Json): Readonly<Record<string, JsonObject>> {
  const system = {
    Provider: { '#attributes': { Name: PROVIDER } },
    EventID: { '#attributes': { Qualifiers: 16384 }, '#text': id },
    Channel: 'System',
    TimeCreated: { '#attributes': { SystemTime: TIME } },
  };
  const winlog = { event_id: id, channel: 'System', provider_name: PROVIDER, event_data: DATA };
  return {
    flat: { EventID: id, Channel: 'System', Provider_Name: PROVIDER, TimeCreated: TIME, ...DATA },
    'other names': { event_id: id, LogName: 'System', SourceName: PROVIDER, EventTime: TIME, ...DATA },
    'event data': { EventID: id, Channel: 'System', Provider_Name: PROVIDER, EventData: DATA },
    nested: { Event: { System: system, EventData: DATA } },
    'nested bare': { System: { ...system, EventID: id }, EventData: DATA },
    winlogbeat: { '@timestamp': TIME, winlog },
    'winlogbeat with dots': {
      '@timestamp': TIME,
      ...Object.fromEntries(
        Object.entries({ ...winlog, event_data: undefined }).flatMap(([name, value]) =>
          value === undefined ? [] : [[`winlog.${name}`, value]],
        ),
      ),
      ...Object.fromEntries(Object.entries(DATA).map(([name, value]) => [`winlog.event_data.${name}`, value])),
    },
    spaced: {
      EventID: id,
      Channel: 'System',
      Provider_Name: PROVIDER,
      'Service Name': DATA.ServiceName,
      'Image Path': DATA.ImagePath,
    },
  };
}

function simple(yaml: string, logTypes = '[Windows.EventLogs]'): Rule {
  const head = `AnalysisType: rule\nRuleID: R\nLogTypes: ${logTypes}\nSeverity: Low\n`;
  const context = { readText: () => undefined, listFiles: () => [], schema: () => pantherSchema };
  const [outcome] = pantherFormat.load({ path: 'r.yml', source: sourceText('r.yml', head + yaml) }, context) ?? [];
  if (outcome?.status !== 'loaded') throw new Error(JSON.stringify(outcome?.diagnostics.map((each) => each.message)));
  return outcome.rule;
}

const python = (code: string): Rule => pythonRule('P', code, { logTypes: ['Windows.EventLogs'] });

/** The names of the events that a rule matches, and what the matches say. */
async function found(rule: Rule, events: Readonly<Record<string, JsonObject>>, options: SessionOptions = {}) {
  const session = createRuleSession([rule], options);
  try {
    const names = Object.keys(events);
    const records = Object.values(events).map((event, at) => ({ event, source: { file: 'log', line: at + 1 } }));
    const matches = [...(await session.process(records)), ...(await session.advance('end'))];
    expect(session.diagnostics).toEqual([]);
    return {
      names: matches.map(({ record }) => names[(record?.source.line ?? 0) - 1]),
      titles: new Set(matches.map(({ title }) => title)),
      contexts: matches.map(({ alertContext }) => alertContext),
    };
  } finally {
    await session.close();
  }
}

describe('match expressions on Windows events take a number and the text that spells it for the same', () => {
  const condition = (text: string, logTypes = '[Windows.EventLogs]'): Rule =>
    simple(`Detection: [{Key: EventID, ${text}}]\n`, logTypes);
  const all = Object.keys(forms(7045));

  test.each([
    'Condition: Equals, Value: 7045',
    'Condition: Equals, Value: "7045"',
    'Condition: IsIn, Values: ["7045", 1]',
    'Condition: DoesNotEqual, Value: 1',
    'Condition: IsGreaterThan, Value: 7044',
  ])('%s', async (text) => {
    expect((await found(condition(text), forms(7045))).names).toEqual(all);
    expect((await found(condition(text), forms('7045'))).names).toEqual(all);
  });

  test('and only there', async () => {
    const events = {
      windows: { Channel: 'System', EventID: '7045' },
      'other number': { p_log_type: 'AWS.ALB', EventID: 7045 },
      'other text': { p_log_type: 'AWS.ALB', EventID: '7045' },
    };
    const rule = condition('Condition: Equals, Value: 7045', '[Windows.EventLogs, AWS.ALB]');
    expect((await found(rule, events)).names).toEqual(['windows', 'other number']);
    expect((await found(condition('Condition: Equals, Value: 07045'), events)).names).toEqual(['windows']);
    expect((await found(condition('Condition: Equals, Value: "07045"'), events)).names).toEqual([]);
  });
});

describe('a rule finds a Windows event in all its forms', () => {
  const all = Object.keys(forms(7045));
  const detection = `Detection:
  - {Key: EventID, Condition: Equals, Value: 7045}
  - {Key: imagepath, Condition: Contains, Value: PSEXESVC}
  - {KeyPath: ExtraEventData.ServiceName, Condition: Equals, Value: PSEXESVC}
AlertTitle: "{ServiceName} by {Provider_Name}"
`;

  test.each(['stream', 'memory'] as const)('match expressions, %s engine', async (engine) => {
    const { names, titles } = await found(simple(detection), forms(7045), { engine });
    expect(names).toEqual(all);
    expect(titles).toEqual(new Set([`PSEXESVC by ${PROVIDER}`]));
  });

  test('whatever the user calls the log type', async () => {
    for (const logType of ['Windows.EventLogs', 'windows.eventlog']) {
      expect((await found(simple(detection), forms(7045), { logType })).names).toEqual(all);
    }
  });

  const code = `
def rule(event):
    return event.get("EventID") == "7045" and "PSEXESVC" in event.deep_get("ExtraEventData", "ImagePath")

def title(event):
    return event.get("ServiceName") + " by " + event.get("Provider_Name")
`;
  const stateful = `${code}
SEEN = []

def alert_context(event):
    SEEN.append(event.get("EventID"))
    return {"event": event.get("EventID"), "kind": event["servicetype"]}
`;
  test.each([
    ['told without Python', code, false],
    ['by Python after its tier', stateful, false],
    ['by Python alone', stateful, true],
  ])(
    'Python, %s',
    async (_, text, strictErrors) => {
      const events = Object.fromEntries(
        Object.entries(forms(7045)).map(([name, event]) => [
          name,
          name === 'spaced' ? { ...event, 'Service Type': DATA.ServiceType } : event,
        ]),
      );
      const { names, titles, contexts } = await found(python(text), events, { strictErrors });
      expect(names).toEqual(all);
      expect(titles).toEqual(new Set([`PSEXESVC by ${PROVIDER}`]));
      if (text === stateful) expect(contexts[3]).toEqual({ event: '7045', kind: DATA.ServiceType });
    },
    120_000,
  );
});
