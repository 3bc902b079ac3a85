import type { Binding } from '../src/passes/bind.ts';

/** Documents whose fields are where their names say. */
export const AS_IT_IS: Binding = {
  logType: 'test',
  view: () => ({
    schema: 'ecs',
    logType: 'test',
    when: null,
    fields: new Map(),
    families: [],
    otherwise: 'raw',
  }),
  locate: (path) => [path],
};
