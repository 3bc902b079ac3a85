import type { Schema } from '../ir/view.ts';
import { fieldOfIndex, type IndexMapping } from './index-mapping.ts';

/**
 * ECS as one index has it: what the mapping says comes first, then what `beyond` knows. Without `beyond` the mapping is all
 * there is, as for Elasticsearch itself: a name that it lacks is an unknown field.
 */
export function indexSchema(mapping: IndexMapping, beyond?: Schema): Schema {
  return {
    name: 'ecs',
    typeOf: (name) => {
      const field = fieldOfIndex(mapping, name);
      if (field === undefined) return beyond?.typeOf(name);
      // An alias is of the type of its field.
      return field.mapped === 'alias' && field.valuesOf !== undefined
        ? fieldOfIndex(mapping, field.valuesOf)?.type
        : field.type;
    },
    fieldNames: () => new Set([...mapping.fields.keys(), ...(beyond?.fieldNames() ?? [])]),
    multiFieldOf: (name) => {
      const field = fieldOfIndex(mapping, name);
      if (field === undefined) return beyond?.multiFieldOf?.(name);
      if (field.valuesOf !== undefined) return { field: field.valuesOf, ignoreCase: field.ignoreCase === true };
      return field.ignoreCase === true ? { field: name, ignoreCase: true } : undefined;
    },
    mappingOf: (name) => {
      const field = fieldOfIndex(mapping, name);
      if (field === undefined) return beyond?.mappingOf?.(name);
      const { nullValue, format } = field;
      const isExact = [...mapping.fields.values()].some((one) => one.valuesOf === name && one.type === 'keyword');
      return {
        ...(nullValue !== undefined && { nullValue }),
        ...(format !== undefined && { format }),
        ...(isExact && { exact: true }),
      };
    },
    analyzerOf: (name) => (fieldOfIndex(mapping, name) === undefined ? beyond?.analyzerOf?.(name) : undefined),
    valuesOf: (name) => beyond?.valuesOf?.(name),
    isComplete: (name) => (beyond === undefined ? true : (beyond.isComplete?.(name) ?? false)),
  };
}
