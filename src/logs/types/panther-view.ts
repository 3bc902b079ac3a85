import type { View } from '../../ir/view.ts';
import { constant } from './view-terms.ts';

/** Panther's rules read the event as it is; the view only says what `p_log_type` its events have. */
export function pantherView(logType: string, name: string): View {
  return {
    schema: 'panther',
    logType,
    when: null,
    fields: new Map([['p_log_type', constant(name)]]),
    families: [],
    otherwise: 'raw',
  };
}
