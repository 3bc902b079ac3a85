import type { CasesOfSet, ConformanceSet } from '../case.ts';
import { sigmaOtrf } from './sigma-otrf.ts';
import { sigmaRegression } from './sigma-regression.ts';
import { sigmaVectors } from './sigma-vectors.ts';

const PARTS: readonly ConformanceSet[] = [sigmaVectors, sigmaRegression, sigmaOtrf];

/** What holds of Sigma: modifiers beside pySigma, rules beside their authors' regression data and beside a plain evaluator. */
export const sigma: ConformanceSet = {
  name: 'sigma',
  read: async (tree) => {
    const parts: CasesOfSet[] = [];
    const absent: string[] = [];
    for (const part of PARTS) {
      const content = await part.read(tree);
      if (!('absent' in content)) {
        parts.push(content);
        continue;
      }
      console.log(`${part.name}: skipped, ${content.absent}`);
      absent.push(content.absent);
    }
    if (parts.length === 0) return { absent: absent.join('; ') };
    return {
      cases: parts.flatMap(({ cases }) => cases),
      close: async () => {
        for (const part of parts) await part.close?.();
      },
    };
  },
};
