import type { Json } from '../../base/json.ts';
import type { Match } from '../match.ts';
import { alertOf, type EcsAlert, type EcsSource, SUPPRESSION, spanOf } from './ecs-alert.ts';
import { sequenceAlerts } from './ecs-sequence.ts';

interface Kept {
  readonly alert: Record<string, Json>;
  /** The alerts of a sequence's events. */
  readonly blocks: readonly EcsAlert[];
}

/** A match with what its documents are made of. */
export interface EcsMatch {
  readonly match: Match;
  readonly source: EcsSource;
  /** The events of a sequence, each as a match of its own. */
  readonly members: readonly { readonly match: Match; readonly source: EcsSource }[] | undefined;
}

/**
 * Makes the alerts of matches into documents (Kibana, `build_alert.ts` and `bulk_create_suppressed_alerts`). Several matches of one
 * alert are one document that says how many there were: what Kibana calls suppression. A sequence is a document, the shell, and
 * one for each of its events, the building blocks.
 */
export class EcsAlerts {
  private readonly kept = new Map<string, Kept>();

  /** Takes what begins an alert, goes on with one, or makes none. */
  take({ match, source, members }: EcsMatch): void {
    const { alert } = match;
    if (alert === null || alert === undefined) return;
    const known = this.kept.get(alert.id);
    if (known !== undefined) goOn(known, match);
    else if (members === undefined) this.kept.set(alert.id, { alert: alertOf(match, source, alert.id), blocks: [] });
    else this.kept.set(alert.id, sequenceAlerts(match, source, members, alert.id));
  }

  /** All documents, in the order in which their alerts began. */
  documents(): readonly EcsAlert[] {
    return [...this.kept.values()].flatMap(({ alert, blocks }) => [...blocks, alert]);
  }
}

function goOn({ alert }: Kept, match: Match): void {
  const count = alert[`${SUPPRESSION}.docs_count`];
  if (typeof count !== 'number') return;
  alert[`${SUPPRESSION}.docs_count`] = count + 1;
  const { last } = spanOf(match);
  if (last !== null) alert[`${SUPPRESSION}.end`] = last;
}
