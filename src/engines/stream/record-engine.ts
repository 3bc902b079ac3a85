import type { RecordEngine } from '../port.ts';
import { compileProgram } from './compile.ts';
import { hasKernel } from './kernel/scan-kernel.ts';
import { Matcher } from './typescript/matcher.ts';

/** All filters at once, by what their values have in common; lines are scanned by the kernel where the machine can run it. */
export const streamRecords: RecordEngine = {
  name: 'stream',
  get scans() {
    return hasKernel();
  },
  compile: (filters, work) => {
    const program = compileProgram(filters);
    let matcher: Matcher | undefined;
    // Where lines are scanned, few records come this way.
    return {
      candidates: (event) => {
        matcher ??= new Matcher(program, work);
        return matcher.match(event);
      },
      decides: true,
      scanned: program,
    };
  },
};
