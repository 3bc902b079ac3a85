import { openEnd, openStart } from '../sigma-string.ts';
import type { SigmaValue } from '../values.ts';
import type { FieldTransformation } from './definition.ts';
import type { DraftDetection, DraftItem } from './draft.ts';
import { isText, textValue } from './strings.ts';

/** The names that a transformation gives a field (null: keywords); undefined where it leaves it as it is. */
export function renamed(name: string | null, transformation: FieldTransformation): readonly string[] | undefined {
  switch (transformation.type) {
    case 'field_name_mapping':
      return transformation.mapping.get(name);
    case 'field_name_prefix_mapping': {
      const found = name === null ? undefined : transformation.mapping.find(([prefix]) => name.startsWith(prefix));
      return found?.[1].map((to) => to + (name ?? '').slice(found[0].length));
    }
    case 'field_name_prefix':
      return name === null ? undefined : [transformation.prefix + name];
    case 'field_name_suffix':
      return name === null ? undefined : [name + transformation.suffix];
  }
}

/** An item under other names: several are alternatives. Keywords that get a field are still searched for inside of it. */
export function underNames(item: DraftItem, names: readonly string[]): DraftDetection {
  const values = item.field === null ? item.values.map((one) => ({ ...one, value: opened(one.value) })) : item.values;
  const items = names.map((field): DraftItem => ({ ...item, field, values }));
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind: 'any', items, span: item.span };
}

function opened(value: SigmaValue): SigmaValue {
  return isText(value) ? textValue(openEnd(openStart(value.parts))) : value;
}
