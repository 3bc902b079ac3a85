import { didYouMean } from '../base/did-you-mean.ts';
import type { LoadOutcome } from '../formats/rule-file.ts';
import type { RuleIdentity } from '../ir/rule/rule.ts';

/** Finds Sigma rules by what others call them: their ids and their names. */
export class RuleIndex {
  private readonly byName = new Map<string, LoadOutcome[]>();

  constructor(outcomes: readonly LoadOutcome[]) {
    for (const outcome of outcomes) {
      const { format, id } = this.identity(outcome);
      if (format !== 'sigma' || outcome.link?.kind === 'filter') continue;
      const { link } = outcome;
      for (const name of new Set([id.toLowerCase(), ...(link?.name === undefined ? [] : [link.name.toLowerCase()])])) {
        const known = this.byName.get(name) ?? [];
        known.push(outcome);
        this.byName.set(name, known);
      }
    }
  }

  identity(outcome: LoadOutcome): RuleIdentity {
    return outcome.status === 'loaded' ? outcome.rule : outcome.identity;
  }

  /**
   * The rules that a reference may mean: those in the referring file alone where it has some, since names need only be unique
   * beside their correlation. Several rules of one id are the first of them: that they share it is reported already.
   */
  find(reference: string, file: string): readonly LoadOutcome[] {
    const all = this.byName.get(reference.toLowerCase()) ?? [];
    const near = all.filter((one) => this.identity(one).file === file);
    const found = near.length > 0 ? near : all;
    const byId = found.find((one) => this.identity(one).id.toLowerCase() === reference.toLowerCase());
    return byId === undefined ? found : [byId];
  }

  /** Names like one that is unknown. */
  near(reference: string): readonly string[] {
    return didYouMean(reference, this.byName.keys());
  }
}
