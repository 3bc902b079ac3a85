import type { PyodideAPI } from 'pyodide';

/** What the interpreter is started with. Handed over as JSON text. */
export interface RealmSetup {
  /** Python source of the harness. */
  readonly harness: string;
  /** The text of pyodide's lock file. */
  readonly lockFile: string;
  /** When started anew: keep a snapshot of Python's memory. */
  readonly makeSnapshot: boolean;
  /** Milliseconds since 1970 that Python's clock stands at; null: it goes. */
  readonly now: number | null;
  /** How long one rule may take on one event. */
  readonly timeLimitMs: number;
  /** How long a module may take to load, with what it imports. */
  readonly loadLimitMs: number;
  /** 12 random numbers below 2^32. */
  readonly entropy: readonly number[];
}

/**
 * What the process may ask of the realm. It gives text, numbers and functions of the realm itself, and gets text, numbers and
 * booleans: nothing of the process's own realm goes in.
 */
export interface Realm {
  /** The names of the language's own objects. */
  readonly names: string;
  /** A new array in which the process puts a file's content. */
  room(name: string, size: number): Uint8Array;
  /** Starts Python; resolves to the size of the snapshot it made, or 0. */
  boot(createModule: unknown, loadPyodide: unknown, setup: string): Promise<number>;
  /** The snapshot that `boot` made; only once. */
  snapshot(): Uint8Array;
  /**
   * Calls the harness with the first `count` of the texts; never throws. The first character says what came of it: `.` an
   * answer, `+` the beginning of one, of which the method `more` gives the rest, `!` Python is broken.
   */
  answer(method: string, count: number, first: string, second: string, third: string): string;
}

/** What pyodide finds in the realm's globals. */
interface RealmGlobals {
  TextDecoder?: unknown;
  TextEncoder?: unknown;
  WorkerGlobalScope?: unknown;
  performance?: unknown;
  crypto?: unknown;
  URL?: unknown;
  AbortController?: unknown;
  setTimeout?: unknown;
  clearTimeout?: unknown;
  read?: unknown;
  load?: unknown;
  readbuffer?: unknown;
}

/** The parts of pyodide that its types leave out. */
interface Internals {
  makeMemorySnapshot(): Uint8Array;
  readonly _module: {
    readonly HEAPU8: Uint8Array;
    readonly HEAPU32: Uint32Array;
    /** Where the table of modules stands that are built in: pairs of a name and a function. */
    readonly _PyImport_Inittab: number;
  };
  readonly globals: Held & { delete(name: string): void };
}

/** An object of Python's that the realm holds. */
interface Held {
  (...args: readonly unknown[]): unknown;
  get(name: string): Held;
  getBuffer(type: 'u8'): { readonly data: Uint8Array };
  destroy(): void;
}

/** An event of which rules make something, one by one. */
interface Turns {
  /** What runs the next rule when it is followed. */
  readonly iterator: Held;
  /** How many lines there are in all, and how many have come. */
  readonly total: number;
  at: number;
}

/**
 * The program of the realm in which Python runs: a context that has the language's own objects and nothing else. It is handed
 * over as text, so that it runs the same from `src` under the tests and from the built package: it must use nothing
 * outside itself. What pyodide asks of its surroundings is made here, of the language alone.
 */
function realmMain(): Realm {
  /** After this long an answer is given in part, so that the parent sees that there is one. */
  const MOST_PART_MS = 50;
  /** How long Python has to follow an interrupt before the next one. */
  const AGAIN_MS = 100;
  /** Modules with which Python reaches any byte of its memory, or the realm. */
  const UNSAFE_MODULES = [
    '_ctypes',
    '_pyodide_core',
    '_remote_debugging',
    '_testbuffer',
    '_testcapi',
    '_testclinic',
    '_testclinic_limited',
    '_testinternalcapi',
    '_testlimitedcapi',
    '_xxtestfuzz',
    'xxsubtype',
  ];
  /** After so many events what nobody refers to any more is looked for. */
  const COLLECT_EVERY = 100;
  const globals = globalThis as unknown as RealmGlobals;
  const files = new Map<string, Uint8Array>();
  const clock = Date.now;
  const methods = new Map<string, (args: readonly string[]) => string>();
  let kept: Uint8Array | undefined;
  let limits = { time: 0, load: 0 };

  // No error carries a stack: its frames would lead to functions of other realms.
  // pyodide sets one of these; what is no plain number is none.
  for (const name of ['stackTraceLimit', 'prepareStackTrace']) {
    Object.defineProperty(Error, name, { get: () => undefined, set: () => {}, configurable: false });
  }

  const bytesOf = (source: ArrayBuffer | ArrayBufferView): Uint8Array =>
    ArrayBuffer.isView(source)
      ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
      : new Uint8Array(source);

  /** Text of code units, in pieces that fit on the stack. */
  const textOf = (units: Uint8Array | Uint16Array): string => {
    const piece = 8192;
    let text = '';
    for (let at = 0; at < units.length; at += piece) {
      text += String.fromCharCode.apply(null, units.subarray(at, at + piece) as unknown as number[]);
    }
    return text;
  };

  /** UTF-8 to UTF-16; every byte that is not UTF-8 is U+FFFD. */
  const utf8ToText = (bytes: Uint8Array): string => {
    const units = new Uint16Array(bytes.length);
    let length = 0;
    const put = (unit: number): void => {
      units[length] = unit;
      length += 1;
    };
    let at = 0;
    while (at < bytes.length) {
      const first = bytes[at] ?? 0;
      at += 1;
      if (first < 0x80) {
        put(first);
        continue;
      }
      const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
      let code = first & (0x3f >> more);
      let found = 0;
      while (found < more && ((bytes[at + found] ?? 0) & 0xc0) === 0x80) {
        code = (code << 6) | ((bytes[at + found] ?? 0) & 0x3f);
        found += 1;
      }
      const least = more === 3 ? 0x10000 : more === 2 ? 0x800 : 0x80;
      const surrogate = code >= 0xd800 && code < 0xe000;
      if (first < 0xc2 || first > 0xf4 || found < more || code < least || code > 0x10ffff || surrogate) {
        put(0xfffd);
        continue;
      }
      at += more;
      if (code < 0x10000) put(code);
      else {
        put(0xd800 + ((code - 0x10000) >> 10));
        put(0xdc00 + (code & 0x3ff));
      }
    }
    return textOf(units.subarray(0, length));
  };

  /** UTF-16 to UTF-8; a surrogate without its other half is U+FFFD. */
  const textToUtf8 = (text: string): Uint8Array => {
    const bytes = new Uint8Array(text.length * 3);
    let length = 0;
    for (const character of text) {
      const point = character.codePointAt(0) ?? 0;
      const code = point >= 0xd800 && point < 0xe000 ? 0xfffd : point;
      const more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
      bytes[length] = more === 0 ? code : ((0xf0 << (3 - more)) & 0xff) | (code >> (6 * more));
      length += 1;
      for (let left = more - 1; left >= 0; left -= 1) {
        bytes[length] = 0x80 | ((code >> (6 * left)) & 0x3f);
        length += 1;
      }
    }
    return bytes.slice(0, length);
  };

  globals.TextDecoder = class {
    readonly encoding: string;
    constructor(label = 'utf-8') {
      this.encoding = label.toLowerCase();
    }
    decode(source?: ArrayBuffer | ArrayBufferView): string {
      const bytes = source === undefined ? new Uint8Array() : bytesOf(source);
      switch (this.encoding) {
        case 'utf-8':
        case 'utf8':
          return utf8ToText(bytes);
        case 'latin1':
          return textOf(bytes);
        case 'utf-16le': {
          const units = Uint16Array.from({ length: bytes.length >> 1 }, (_, at) => {
            return (bytes[2 * at] ?? 0) | ((bytes[2 * at + 1] ?? 0) << 8);
          });
          return textOf(units);
        }
        default:
          throw new RangeError(`no decoder for ${this.encoding}`);
      }
    }
  };
  globals.TextEncoder = class {
    readonly encoding = 'utf-8';
    encode(text = ''): Uint8Array {
      return textToUtf8(text);
    }
    encodeInto(text: string, target: Uint8Array): { read: number; written: number } {
      const bytes = textToUtf8(text);
      target.set(bytes);
      return { read: text.length, written: bytes.length };
    }
  };

  // The clock of the machine may be set back; time that has passed does not come again.
  let latest = 0;
  const origin = clock();
  globals.performance = {
    now: () => {
      latest = Math.max(latest, clock() - origin);
      return latest;
    },
  };

  /** Random bytes: ChaCha20's key stream (RFC 8439) under a key that the process gave. */
  const randomFrom = (seed: readonly number[]): ((target: Uint8Array) => void) => {
    const key = Uint32Array.from([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, ...seed]);
    const block = new Uint32Array(16);
    const bytes = new Uint8Array(block.buffer);
    let used = bytes.length;
    const rounds = [
      [0, 4, 8, 12],
      [1, 5, 9, 13],
      [2, 6, 10, 14],
      [3, 7, 11, 15],
      [0, 5, 10, 15],
      [1, 6, 11, 12],
      [2, 7, 8, 13],
      [3, 4, 9, 14],
    ] as const;
    const at = (place: number): number => block[place] ?? 0;
    const mix = (sum: number, added: number, turned: number, by: number): void => {
      block[sum] = at(sum) + at(added);
      const value = at(turned) ^ at(sum);
      block[turned] = (value << by) | (value >>> (32 - by));
    };
    const next = (): void => {
      block.set(key);
      for (let round = 0; round < 10; round += 1) {
        for (const [a, b, c, d] of rounds) {
          mix(a, b, d, 16);
          mix(c, d, b, 12);
          mix(a, b, d, 8);
          mix(c, d, b, 7);
        }
      }
      for (let place = 0; place < 16; place += 1) block[place] = at(place) + (key[place] ?? 0);
      key[12] = (key[12] ?? 0) + 1;
      if (key[12] === 0) key[13] = (key[13] ?? 0) + 1;
      used = 0;
    };
    return (target) => {
      for (let place = 0; place < target.length; place += 1) {
        if (used === bytes.length) next();
        target[place] = bytes[used] ?? 0;
        used += 1;
      }
    };
  };

  const refuse = (what: string) => (): never => {
    throw new Error(`${what} is not available to rules`);
  };

  // pyodide takes the realm for a worker of a shell, which has neither files nor a network of its own.
  globals.WorkerGlobalScope = class {};
  globals.read = refuse('read');
  globals.load = refuse('load');
  globals.readbuffer = (name: string): Uint8Array => {
    const content = files.get(name);
    if (content === undefined) throw new Error(`${name} is not part of Python`);
    return content;
  };
  globals.URL = class {
    readonly href: string;
    constructor(text: string) {
      this.href = text;
    }
  };
  globals.AbortController = class {};
  // Nothing runs after a rule has answered.
  globals.setTimeout = refuse('setTimeout');
  globals.clearTimeout = () => {};

  /**
   * The limit of a call, kept by what Python asks between its instructions: whether it is to stop. The harness counts in a
   * byte of Python's memory the calls that have a limit of their own. As the clock of the machine may be set forward, no
   * single step counts for more than half of the limit; the process's parent measures otherwise.
   */
  const watch = {
    memory: (): Uint8Array => new Uint8Array(3),
    at: 0,
    limit: Number.POSITIVE_INFINITY,
    call: 0,
    spent: 0,
    last: 0,
    /** When the present part of an answer was begun, and when Python was last interrupted. */
    begun: 0,
    interrupted: 0,
    begin(limit: number): void {
      this.limit = limit;
      this.spent = 0;
      this.last = clock();
      this.begun = this.last;
      this.memory()[this.at + 1] = 0;
    },
    /** 2: Python is to stop what it runs. */
    look(): number {
      const time = clock();
      const bytes = this.memory();
      const call = bytes[this.at] ?? 0;
      if (call !== this.call) {
        this.call = call;
        this.spent = 0;
        this.interrupted = 0;
      }
      this.spent += Math.min(Math.max(0, time - this.last), this.limit / 2);
      this.last = time;
      if (time - this.begun > MOST_PART_MS) bytes[this.at + 1] = 1;
      if (this.spent < this.limit || Math.abs(time - this.interrupted) < AGAIN_MS) return 0;
      this.interrupted = time;
      bytes[this.at + 2] = 1;
      return 2;
    },
  };

  /** Takes the modules that reach native memory out of those that are built in: no name is that of one any more. */
  const shut = ({ _module }: Internals): void => {
    const { HEAPU8: bytes, HEAPU32: words, _PyImport_Inittab: table } = _module;
    const nameAt = (from: number): string => {
      let to = from;
      while (bytes[to] !== 0) to += 1;
      return textOf(bytes.subarray(from, to));
    };
    for (let at = (words[table >> 2] ?? 0) >> 2; words[at] !== 0; at += 2) {
      const name = words[at] ?? 0;
      if (UNSAFE_MODULES.includes(nameAt(name))) bytes[name] = 0xff;
    }
  };

  /**
   * Takes the functions of the harness, and makes them those that the process calls. The rules, and what finds that they changed
   * what others share, are held here alone: in Python nothing leads to them.
   */
  const take = ({ globals: harness, _module }: Internals): void => {
    const functionOf = (name: string): Held => harness.get(name);
    const checking = functionOf('_checking');
    const check = checking.get('check');
    const fresh = functionOf('_fresh');
    harness.delete('_checking');
    const begin = functionOf('begin');
    const gather = functionOf('gather');
    const late = functionOf('late');
    const join = functionOf('_join');
    const collect = functionOf('_collect');
    const freeze = functionOf('_freeze');
    const bundles: Held[] = [];
    const rules = new Map<string, Held>();
    const groups = new Map<string, { readonly rules: Held; readonly count: number }>();
    let turns: Turns | undefined;
    let touched = '';
    let runs = 0;
    let grown = false;

    const ruleOf = (index: string): Held => {
      const rule = rules.get(index);
      if (rule === undefined) throw new Error(`there is no rule ${index}`);
      return rule;
    };
    const groupOf = (indexes: string): { readonly rules: Held; readonly count: number } => {
      let group = groups.get(indexes);
      if (group === undefined) {
        const numbers = (JSON.parse(indexes) as readonly number[]).map(String);
        group = { rules: gather(...numbers.map(ruleOf)) as Held, count: numbers.length };
        groups.set(indexes, group);
      }
      return group;
    };
    /** What the next rules make of the event: `+` where more of them are left. */
    const go = (): string => {
      if (turns === undefined) return '!nothing is under way';
      const lines = (join(turns.iterator) as string).split('\n');
      if (lines.pop() !== '') return '!its answers are no lines';
      if (turns.at + lines.length < turns.total) {
        const last = late() as string;
        if (!/^[^\n]*\n$/.test(last)) return '!its answers are no lines';
        lines.push(last.slice(0, -1));
      }
      let told = '';
      for (const line of lines) {
        if (line !== '') {
          if (turns.at + 1 === turns.total) touched = line;
          else told += `${turns.at} ${line}\n`;
        }
        turns.at += 1;
      }
      if (turns.at > turns.total) return '!it answered for more rules than there are';
      if (turns.at < turns.total) return `+${told}`;
      turns.iterator.destroy();
      turns = undefined;
      return `.${told}`;
    };

    for (const name of ['configure', 'prepare_tests']) {
      const call = functionOf(name);
      methods.set(name, (args) => `.${call(...args)}`);
    }
    for (const name of ['test', 'trace', 'coverage']) {
      const call = functionOf(name);
      methods.set(name, ([index = '', ...args]) => `.${call(ruleOf(index), ...args)}`);
    }
    const addBundle = functionOf('add_bundle');
    methods.set('add_bundle', (args) => {
      bundles.push(addBundle(...args) as Held);
      return '.';
    });
    const addRule = functionOf('add_rule');
    methods.set('add_rule', ([index = '', bundle = '', spec = '']) => {
      const made = addRule(bundles[Number(bundle)], spec) as Held | string;
      if (typeof made === 'string') return `.${made}`;
      rules.set(index, made);
      grown = true;
      return '.';
    });
    methods.set('run', ([event, logType, indexes = '']) => {
      const group = groupOf(indexes);
      // Between two events, where no frame of a rule or of the harness is: what ends then finds nothing.
      runs += 1;
      if (runs % COLLECT_EVERY === 0) collect();
      turns = { iterator: begin(group.rules, event, logType) as Held, total: group.count + 1, at: 0 };
      return go();
    });
    methods.set('more', go);
    methods.set('check', () => {
      collect();
      // What rules consist of stays: it need not be gone through again.
      if (grown) freeze();
      grown = false;
      const found = touched === '' ? (check(fresh) as string) : touched;
      touched = '';
      return `.${found}`;
    });
    watch.memory = () => _module.HEAPU8;
  };

  return {
    names: Object.getOwnPropertyNames(globalThis)
      .filter((name) => /^[A-Z]\w+$|^(?:is|parse)[A-Z]/.test(name) && name !== 'NaN' && name !== 'Infinity')
      .concat('performance')
      .join(),

    room: (name, size) => {
      const made = new Uint8Array(size);
      files.set(name, made);
      return made;
    },

    boot: async (createModule, loadPyodide, text) => {
      const setup = JSON.parse(text) as RealmSetup;
      const fill = randomFrom(setup.entropy);
      globals.crypto = {
        getRandomValues: (target: ArrayBufferView) => {
          fill(bytesOf(target));
          return target;
        },
      };
      const snapshot = files.get('snapshot');
      const options = {
        createPyodideModule: createModule,
        indexURL: '/',
        lockFileContents: JSON.parse(setup.lockFile),
        jsglobals: Object.create(null) as object,
        env: { PYTHONHASHSEED: '0', HOME: '/home', TZ: 'UTC' },
        stdin: () => '',
        stdout: () => {},
        stderr: () => {},
        // Snapshots are pyodide's, though not in its types.
        ...(snapshot === undefined ? { _makeSnapshot: setup.makeSnapshot } : { _loadSnapshot: snapshot }),
      };
      const started = await (loadPyodide as (given: object) => Promise<PyodideAPI & Internals>)(options);
      if (snapshot === undefined) {
        started.runPython(setup.harness);
        if (setup.makeSnapshot) kept = started.makeMemorySnapshot();
      }
      files.clear();
      // What rules print is thrown away as it comes.
      const drop = { isatty: false, write: (bytes: Uint8Array): number => bytes.length };
      started.setStdout(drop);
      started.setStderr(drop);
      const interrupt = Object.defineProperty({}, 0, { get: () => watch.look(), set: () => {} });
      started.setInterruptBuffer(interrupt as Uint8Array);
      const shared = started.globals.get('_shared').getBuffer('u8');
      watch.at = shared.data.byteOffset;
      limits = { time: setup.timeLimitMs, load: setup.loadLimitMs };
      const { now } = setup;
      // Python asks this for the time.
      if (now !== null) Date.now = () => now;
      shut(started);
      take(started);
      return kept?.length ?? 0;
    },

    snapshot: () => {
      const taken = kept ?? new Uint8Array();
      kept = undefined;
      return taken;
    },

    answer: (method, count, first, second, third) => {
      try {
        const call = methods.get(method);
        if (call === undefined) return '!Python has no such function';
        const long = method === 'configure' || method === 'prepare_tests' || method.startsWith('add_');
        watch.begin(long ? limits.load : limits.time);
        return call([first, second, third].slice(0, count));
      } catch (thrown) {
        try {
          return `!${String(thrown).slice(-2000)}`;
        } catch {
          return '!Python failed, and cannot say how';
        }
      }
    },
  };
}

/** The program as text; it gives the realm. */
export const realmProgram: string = `'use strict'; (${realmMain.toString()})()`;
