import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';

/** The fields of a document by their dotted names, whether it writes them with dots or as objects in each other. */
export class EcsFields {
  private readonly document: JsonObject;

  constructor(document: JsonObject) {
    this.document = document;
  }

  /** The value of a field; undefined where the document has none. */
  at(name: string): Json | undefined {
    return read(this.document, name);
  }

  /** The leaves below a name, by the rest of theirs. */
  below(name: string): ReadonlyMap<string, Json> {
    const found = new Map<string, Json>();
    for (const [leaf, value] of leavesOf(this.document, '')) {
      if (leaf.startsWith(`${name}.`)) found.set(leaf.slice(name.length + 1), value);
    }
    return found;
  }
}

function read(value: JsonObject, name: string): Json | undefined {
  const own = value[name];
  if (own !== undefined) return own;
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const inner = value[name.slice(0, dot)];
    const found = isJsonObject(inner) ? read(inner, name.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function* leavesOf(value: JsonObject, prefix: string): Generator<readonly [string, Json]> {
  for (const [key, inner] of Object.entries(value)) {
    if (isJsonObject(inner)) yield* leavesOf(inner, `${prefix}${key}.`);
    else yield [prefix + key, inner];
  }
}
