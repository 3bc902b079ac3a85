import type { JsonObject } from '../../base/json.ts';
import type { PythonOutputs } from '../../engines/python/index.ts';
import { jsonOf, NotFollowed, PythonFunctions } from '../../engines/python/interpret/index.ts';
import { isEnriched, tierOf } from '../../engines/python/tiers.ts';
import type { PythonBundle, PythonProgram } from '../../ir/rule/python.ts';
import { pythonOf, type Rule } from '../../ir/rule/rule.ts';

/** The longest text that a function may give, in characters. */
const LONGEST_TEXT = 1000;
const CUT = '... (truncated)';
const SEVERITIES: ReadonlySet<string> = new Set(['INFO', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']);

/** What rules make of events, as far as it is known without Python. */
export class WithoutPython {
  private readonly functions = new Map<PythonBundle, Map<string, PythonFunctions>>();
  /** Rules that keep something from one event to the next. */
  private readonly stateful = new Set<Rule>();

  /**
   * What a rule makes of an event that its tier lets through: what its functions say of the match, or that it is none.
   * Undefined: Python has to be asked, also because a function fails, which it reports. The same in every byte as what
   * Python gives. Says nothing of whether the rule's module loads.
   */
  tell(rule: Rule, event: JsonObject, logType: string): PythonOutputs | 'no match' | undefined {
    const logic = pythonOf(rule);
    if (logic === undefined || logic.kindOfRule !== 'rule' || logic.filter !== undefined) return undefined;
    if (this.stateful.has(rule) || isEnriched(logic.bundle, logType)) return undefined;
    const tier = tierOf(rule)?.byLogType.get(logType)?.tier ?? 3;
    const seen = Object.hasOwn(event, 'p_log_type') ? event : { ...event, p_log_type: logType };
    const functions = this.functionsFor(logic.bundle, logType);
    try {
      if (tier !== 1) {
        const verdict = functions.call(logic.module, 'rule', seen);
        if (verdict !== true) return verdict === false ? 'no match' : undefined;
      }
      return new Teller(rule.id, logic, functions, seen).all();
    } catch (thrown) {
      if (!(thrown instanceof NotFollowed)) throw thrown;
      if (thrown.outlasts) this.stateful.add(rule);
      return undefined;
    }
  }

  private functionsFor(bundle: PythonBundle, logType: string): PythonFunctions {
    const byType = this.functions.get(bundle) ?? new Map<string, PythonFunctions>();
    this.functions.set(bundle, byType);
    const found = byType.get(logType) ?? new PythonFunctions(bundle, logType);
    byType.set(logType, found);
    return found;
  }
}

/** A function gave what the contract does not allow: Python says so. */
const WRONG: NotFollowed = new NotFollowed('not what the contract allows');

/** Calls a rule's further functions by the contract that the sandbox keeps too. */
class Teller {
  private readonly id: string;
  private readonly logic: PythonProgram;
  private readonly functions: PythonFunctions;
  private readonly event: JsonObject;

  constructor(id: string, logic: PythonProgram, functions: PythonFunctions, event: JsonObject) {
    this.id = id;
    this.logic = logic;
    this.functions = functions;
    this.event = event;
  }

  all(): PythonOutputs {
    const fallback = `defaultDedupString:${this.id}`;
    const own = this.text('title');
    const title = own ?? this.id;
    const description = this.text('description') ?? '';
    const reference = this.text('reference') ?? '';
    const severity = this.severity();
    const runbook = this.text('runbook') ?? '';
    if ((this.functions.call(this.logic.module, 'destinations', this.event) ?? null) !== null) throw WRONG;
    const dedup = this.text('dedup') ?? own;
    const context = this.functions.call(this.logic.module, 'alert_context', this.event);
    const alertContext = context === undefined ? {} : jsonOf(context);
    const unique = this.text('unique');
    return {
      title,
      description,
      reference,
      severity,
      runbook,
      destinations: null,
      dedup: dedup === undefined || dedup === '' ? fallback : dedup,
      alertContext,
      ...(unique !== undefined && { unique }),
    };
  }

  /** Undefined where the module has no such function. */
  private text(name: string): string | undefined {
    const value = this.functions.call(this.logic.module, name, this.event);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw WRONG;
    return value.length <= LONGEST_TEXT ? value : cut(value);
  }

  private severity(): string {
    const { severity } = this.logic.defaults;
    const said = this.text('severity');
    if (said === undefined) return severity;
    const level = /^[A-Za-z]*$/.test(said) ? said.toUpperCase() : '';
    if (level === 'DEFAULT') return severity;
    if (!SEVERITIES.has(level)) throw WRONG;
    return level;
  }
}

/** Characters are counted, not units of UTF-16. */
function cut(text: string): string {
  const points = [...text];
  return points.length <= LONGEST_TEXT ? text : points.slice(0, LONGEST_TEXT - CUT.length).join('') + CUT;
}
