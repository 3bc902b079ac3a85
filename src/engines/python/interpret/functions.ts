import type { JsonObject } from '../../../base/json.ts';
import type { PythonBundle, PythonModule } from '../../../ir/rule/python.ts';
import { Machine } from './compiler.ts';
import { leave, PyFunction, PyObject, Raised, type Value } from './value.ts';

/**
 * Runs functions of rules' modules on events of one log type without Python: exactly as Python does, or not at all. Whatever
 * is not surely the same, and every exception that leaves a function, throws `NotFollowed`; then Python has to say.
 * Nothing of it outlasts a call: functions that change what their module holds are not followed.
 */
export class PythonFunctions {
  private readonly machine: Machine;

  constructor(bundle: PythonBundle, logType: string) {
    this.machine = new Machine(bundle, logType);
  }

  /** Calls a function of a module with an event, which says its log type; undefined where the module has no such function. */
  call(module: PythonModule, name: string, event: JsonObject): Value | undefined {
    const unit = this.machine.unit(module) ?? leave('the module');
    if (!unit.has(name)) return unit.has('*') ? leave('what is imported') : undefined;
    this.machine.begin(event);
    const value = unit.global(name);
    if (!(value instanceof PyFunction)) return value instanceof PyObject ? leave(`\`${name}\``) : undefined;
    try {
      return value.call([event], undefined);
    } catch (thrown) {
      if (thrown instanceof Raised) return leave('an exception');
      if (thrown instanceof RangeError) return leave('too much');
      throw thrown;
    }
  }
}
