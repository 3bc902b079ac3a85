/** What all test files in one worker share beside the modules, as a text for each part: what one of them leaves changed, others meet. */
export function whatIsShared(): ReadonlyMap<string, string> {
  const parts = new Map<string, string>([
    ['the working directory', process.cwd()],
    ['the exit code', String(process.exitCode)],
    ['the file mode mask', process.umask().toString(8)],
    ['the names of the global object', keysOf(globalThis)],
    ['the clock', [Date.now, performance.now, setTimeout, setInterval, setImmediate].map(identityOf).join()],
    ['random numbers', identityOf(Math.random)],
  ]);
  for (const [name, value] of Object.entries(process.env)) {
    // Vitest's own change from file to file.
    if (!/^VITEST|^TINYPOOL|^TEST$/.test(name)) parts.set(`the environment variable ${name}`, String(value));
  }
  for (const type of [Object, Array, String, Number, Map, Set, Promise, RegExp, Uint8Array, Error]) {
    parts.set(`${type.name}.prototype`, keysOf(type.prototype));
  }
  for (const name of process.eventNames()) {
    // The sandbox of Python listens to these as long as the process lives.
    if (name !== 'SIGUSR1' && name !== 'exit')
      parts.set(`listeners to ${String(name)}`, String(process.listenerCount(name)));
  }
  return parts;
}

/** Names of the parts that have changed. */
export function changedParts(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name));
}

function keysOf(value: object): string {
  return Reflect.ownKeys(value).map(String).sort().join();
}

const identities = new WeakMap<object, string>();
let known = 0;

function identityOf(value: object): string {
  const id = identities.get(value) ?? String(++known);
  identities.set(value, id);
  return id;
}
