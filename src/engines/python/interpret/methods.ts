import type { Json, JsonObject } from '../../../base/json.ts';
import type { JsonPath } from '../../../ir/json-path.ts';
import type { Machine } from './compiler.ts';
import { deepGet, deepWalk, lookUp } from './event.ts';
import { reach } from './json-path.ts';
import { searchRegex } from './regex.ts';
import type { Run } from './run.ts';
import { folded, splitText, stripText } from './text.ts';
import {
  boundList,
  boundText,
  isArray,
  isMap,
  isMapping,
  isPlainText,
  type Key,
  keyOf,
  leave,
  listOf,
  PyDict,
  PyFunction,
  PyList,
  PyMatch,
  PyObject,
  PyRegex,
  PySet,
  PyTuple,
  PyView,
  raise,
  same,
  soughtKey,
  thawed,
  truth,
  type Value,
} from './value.ts';

type Named = ReadonlyMap<string, Value> | undefined;

/** `self.name(args)`. */
export function callMethod(self: Value, name: string, args: readonly Value[], named: Named, machine: Machine): Value {
  if (self === machine.run.root) {
    const found = eventMethod(name, args, named, machine);
    if (found !== undefined) return found;
  }
  if (named !== undefined) return callMethod(self, name, inOrder(self, name, args, named), undefined, machine);
  if (typeof self === 'string') return textMethod(self, name, args);
  if (isMapping(self)) return mappingMethod(self, name, args);
  if (self instanceof PyList) return listMethod(self, name, args, machine.run);
  if (self instanceof PySet) return setMethod(self, name, args);
  if (self instanceof PyRegex && ['search', 'match', 'fullmatch'].includes(name) && args.length === 1) {
    return searchRegex(self, name, args[0] ?? null);
  }
  if (self instanceof PyMatch && (name === 'group' || name === 'groups')) return groupOf(self, name, args);
  if (isArray(self) && name === 'copy') return thawed(self);
  if (self === null || typeof self !== 'object' || isArray(self) || self instanceof PyTuple) {
    // Numbers, lists and the like have methods too, but not these.
    return ['get', 'items', 'lower', 'upper', 'split', 'startswith', 'endswith'].includes(name)
      ? raise('AttributeError')
      : leave(`the method \`${name}\``);
  }
  return leave(`the method \`${name}\``);
}

/** The few named arguments that are followed, where they would stand. */
function inOrder(
  self: Value,
  name: string,
  args: readonly Value[],
  named: ReadonlyMap<string, Value>,
): readonly Value[] {
  const [[key = '', value = null] = []] = named;
  if (named.size === 1 && args.length === 1) {
    // Of a dict's `get` nothing has a name.
    if (name === 'get' && key === 'default' && isMap(self)) return [...args, value];
    if ((name === 'split' || name === 'rsplit') && key === 'maxsplit' && typeof self === 'string')
      return [...args, value];
  }
  return leave(`the method \`${name}\` with named arguments`);
}

/** What only the event itself has; undefined for what other maps have as well. */
function eventMethod(name: string, args: readonly Value[], named: Named, machine: Machine): Value | undefined {
  const root = machine.run.root ?? null;
  switch (name) {
    case 'deep_get':
      return deepGet(root, args, onlyDefault(named));
    case 'deep_walk': {
      const which = named?.get('return_val') ?? 'all';
      return machine.run.root && deepWalk(machine.run.root, args, named?.get('default') ?? null, which);
    }
    case 'udm_path':
      return named === undefined && args.length === 1 ? unifiedPath(args[0] ?? null, machine) : leave('`udm_path`');
    case 'udm':
      return unified(args, onlyDefault(named), machine);
    default:
      return undefined;
  }
}

function onlyDefault(named: Named): Value {
  if (named === undefined) return null;
  return named.size === 1 && named.has('default') ? (named.get('default') ?? null) : leave('these arguments');
}

/**
 * A unified field. Where the data model has a path or a method for it, that alone: what the path finds, be it null, or the default
 * where it finds nothing; what the method gives. Else `p_udm`, then the event's own, and the default for what is falsy.
 */
function unified(keys: readonly Value[], otherwise: Value, machine: Machine): Value {
  const { model, run } = machine;
  const { root } = run;
  const [key] = keys;
  if (root === undefined) return leave('the event');
  const mappings = keys.length === 1 ? (model?.mappings ?? []).filter((each) => each.name === key) : [];
  const path = mappings.findLast((each) => each.query !== undefined)?.query;
  if (path !== undefined) {
    const found = reach(path, root);
    if (found.length > 1) return raise('Exception');
    const [value] = found;
    if (value !== undefined) return value;
  }
  const method = mappings.findLast((each) => each.method !== undefined)?.method;
  if (method !== undefined) {
    const made = (model?.module && machine.unit(model.module))?.global(method);
    if (!(made instanceof PyFunction)) return leave('a method of a data model');
    // It is given the event as a map like any other.
    return frozen(made.call([{ ...root }], undefined));
  }
  if (mappings.length > 0 || keys.length === 0) return otherwise;
  const own = deepGet(root, ['p_udm', ...keys], null);
  if (truth(own)) return own;
  const plain = deepGet(root, keys, null);
  return truth(plain) ? plain : otherwise;
}

/** What a method gives is read-only as the event is. */
function frozen(value: Value): Value {
  return value instanceof PyList || value instanceof PyDict ? jsonOf(value) : value;
}

function jsonOf(value: Value): Json {
  if (value instanceof PyList) return value.items.map(jsonOf);
  if (value instanceof PyDict) {
    return Object.fromEntries(
      [...value.entries].map(([key, item]) => [typeof key === 'string' ? key : leave('such a dict'), jsonOf(item)]),
    );
  }
  // What is the event's own inside a list or dict stays as it is.
  return value instanceof PyObject || isArray(value) || isMap(value) ? leave('what a data model makes') : value;
}

/** Where the data model's path finds a unified field, or the name of its method; else None. */
function unifiedPath(key: Value, { model, run }: Machine): Value {
  if (model === undefined || run.root === undefined) return leave('an event without a data model');
  const mappings = model.mappings.filter((each) => each.name === key);
  const path = mappings.findLast((each) => each.query !== undefined)?.query;
  if (path !== undefined && reach(path, run.root).length > 0) {
    return namesOf(path)?.join('.') ?? leave('how such a path is written');
  }
  return mappings.findLast((each) => each.method !== undefined)?.method ?? null;
}

/** The names of a path that goes from one plain name to the next. */
function namesOf(path: JsonPath): readonly string[] | undefined {
  if (path.kind === 'root') return [];
  if (path.kind === 'fields')
    return path.names.length === 1 && /^[A-Za-z_]\w*$/.test(path.names[0] ?? '') ? path.names : undefined;
  if (path.kind !== 'child' || path.right.kind === 'root') return undefined;
  const left = namesOf(path.left);
  const right = namesOf(path.right);
  return left === undefined || right === undefined ? undefined : [...left, ...right];
}

/** It shows the map as it is when it is gone through. */
function viewOf(map: JsonObject | PyDict, item: (key: Key, value: Value) => Value): PyView {
  if (map instanceof PyDict) {
    const { entries } = map;
    return new PyView(
      (visit) => {
        const { size } = entries;
        for (const [key, value] of entries) {
          if (visit(item(key, value))) return;
          if (entries.size !== size) leave('a dict that changes while it is gone through');
        }
      },
      () => entries.size,
    );
  }
  const keys = Object.keys(map);
  return new PyView(
    (visit) => {
      for (const key of keys) if (visit(item(key, map[key] ?? null))) return;
    },
    () => keys.length,
  );
}

function mappingMethod(self: JsonObject | PyDict, name: string, args: readonly Value[]): Value {
  switch (name) {
    case 'get': {
      const [key = null, otherwise = null] = args;
      const found = lookUp(self, key);
      return found === undefined ? otherwise : found;
    }
    case 'keys':
      return viewOf(self, (key) => key);
    case 'values':
      return viewOf(self, (_, value) => value);
    case 'items':
      return viewOf(self, (key, value) => new PyTuple([key, value]));
    case 'copy':
      return self instanceof PyDict ? new PyDict(new Map(self.entries)) : thawed(self);
    case 'to_dict':
      return self instanceof PyDict ? raise('AttributeError') : thawed(self);
    case 'deep_get':
      return self instanceof PyDict ? raise('AttributeError') : deepGet(self, args, null);
    default:
  }
  if (!(self instanceof PyDict)) return leave(`the method \`${name}\` of a map`);
  if (self.shared) return leave('a change of what all events share', true);
  if (name === 'update' && args.length === 1) {
    const [other = null] = args;
    if (!isMapping(other)) return leave('`update`');
    const entries = other instanceof PyDict ? [...other.entries] : Object.entries(other);
    for (const [key, value] of entries) self.entries.set(key, value);
    return null;
  }
  if (name === 'setdefault' || name === 'pop') {
    const [key = null, otherwise] = args;
    const found = self.entries.get(soughtKey(key));
    if (name === 'setdefault') {
      if (found === undefined) self.entries.set(keyOf(key), otherwise ?? null);
      return found === undefined ? (otherwise ?? null) : found;
    }
    if (found === undefined) return otherwise === undefined ? raise('KeyError') : otherwise;
    self.entries.delete(soughtKey(key));
    return found;
  }
  return leave(`the method \`${name}\` of a dict`);
}

function listMethod(self: PyList, name: string, args: readonly Value[], run: Run): Value {
  const [first = null] = args;
  if (name === 'count' && args.length === 1) return self.items.filter((item) => same(item, first, run)).length;
  if (name === 'copy') return new PyList([...self.items]);
  if (name === 'index' && args.length === 1) {
    const at = self.items.findIndex((item) => same(item, first, run));
    return at === -1 ? raise('ValueError') : at;
  }
  if (['get', 'items', 'keys', 'lower', 'upper', 'split', 'startswith', 'endswith'].includes(name)) {
    return raise('AttributeError');
  }
  if (self.shared) return leave('a change of what all events share', true);
  if (name === 'append' && args.length === 1) {
    boundList(self.items.length + 1);
    self.items.push(first);
    return null;
  }
  if (name === 'extend' && args.length === 1) {
    const added = listOf(first);
    boundList(self.items.length + added.length);
    self.items.push(...added);
    return null;
  }
  return leave(`the method \`${name}\` of a list`);
}

function setMethod(self: PySet, name: string, args: readonly Value[]): Value {
  const [first = null] = args;
  if (name === 'add' && args.length === 1) {
    if (self.shared) leave('a change of what all events share', true);
    self.keys.add(keyOf(first));
    return null;
  }
  if (args.length !== 1) return leave(`the method \`${name}\` of a set`);
  if (name === 'update') {
    if (self.shared) leave('a change of what all events share', true);
    for (const item of listOf(first, true)) self.keys.add(keyOf(item));
    return null;
  }
  const others = new Set(listOf(first, true).map(keyOf));
  const kept = (keep: (key: Key) => boolean): PySet => new PySet(new Set([...self.keys].filter(keep)));
  switch (name) {
    case 'intersection':
      return kept((key) => others.has(key));
    case 'difference':
      return kept((key) => !others.has(key));
    case 'union':
      return new PySet(new Set([...self.keys, ...others]));
    case 'issubset':
      return [...self.keys].every((key) => others.has(key));
    case 'issuperset':
      return [...others].every((key) => self.keys.has(key));
    case 'isdisjoint':
      return ![...others].some((key) => self.keys.has(key));
    default:
      return leave(`the method \`${name}\` of a set`);
  }
}

function groupOf({ groups }: PyMatch, name: string, args: readonly Value[]): Value {
  if (name === 'groups') {
    return args.length === 0 ? new PyTuple(groups.slice(1).map((each) => each ?? null)) : leave('`groups`');
  }
  const [at = 0] = args;
  if (args.length > 1 || typeof at !== 'number' || at < 0 || at >= groups.length) return leave('`group`');
  return groups[at] ?? null;
}

const STRIPS: Readonly<Record<string, 'both' | 'start' | 'end'>> = { strip: 'both', lstrip: 'start', rstrip: 'end' };

function textMethod(self: string, name: string, args: readonly Value[]): Value {
  const [first = null, second = null] = args;
  const known = (): never => leave(`the method \`${name}\` of a text`);
  switch (name) {
    case 'lower':
    case 'upper':
      return folded(self, name);
    case 'startswith':
    case 'endswith': {
      if (args.length !== 1) return known();
      const parts = first instanceof PyTuple ? first.items : [first];
      return parts.some((part) => {
        if (typeof part !== 'string') return raise('TypeError');
        return name === 'startswith' ? self.startsWith(part) : self.endsWith(part);
      });
    }
    case 'split':
    case 'rsplit': {
      if (first === '') return raise('ValueError');
      const most = args.length < 2 ? -1 : second;
      if ((first !== null && typeof first !== 'string') || typeof most !== 'number') return known();
      return new PyList(splitText(self, first, most, name === 'rsplit'));
    }
    case 'strip':
    case 'lstrip':
    case 'rstrip':
      if (first !== null && typeof first !== 'string') return known();
      return stripText(self, first, STRIPS[name] ?? 'both');
    case 'replace':
      if (args.length !== 2 || typeof first !== 'string' || typeof second !== 'string' || first === '') return known();
      boundText(self.length * (second.length + 1));
      return self.replaceAll(first, () => second);
    case 'join': {
      const parts = listOf(first).map((part) => (typeof part === 'string' ? part : raise('TypeError')));
      boundText(parts.reduce((sum, part) => sum + part.length + self.length, 0));
      return parts.join(self);
    }
    case 'removeprefix':
      if (typeof first !== 'string') return known();
      return self.startsWith(first) ? self.slice(first.length) : self;
    case 'removesuffix':
      if (typeof first !== 'string') return known();
      return first !== '' && self.endsWith(first) ? self.slice(0, -first.length) : self;
    case 'isdigit':
    case 'isnumeric':
      return /^[\0-\x7f]*$/.test(self) ? /^[0-9]+$/.test(self) : known();
    case 'title':
    case 'capitalize':
      if (!/^[\0-\x7f]*$/.test(self)) return known();
      return name === 'title'
        ? self.toLowerCase().replace(/[a-z]+/g, (word) => word.charAt(0).toUpperCase() + word.slice(1))
        : self.charAt(0).toUpperCase() + self.slice(1).toLowerCase();
    case 'find':
    case 'count':
      if (args.length !== 1 || typeof first !== 'string' || first === '' || !isPlainText(self)) return known();
      return name === 'find' ? self.indexOf(first) : self.split(first).length - 1;
    case 'get':
    case 'items':
    case 'keys':
    case 'values':
    case 'append':
      return raise('AttributeError');
    default:
      return known();
  }
}
