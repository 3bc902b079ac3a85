import { printPlan } from '../ir/print/print-plan.ts';
import { createPipeline, type OnPass, type Pipeline } from '../passes/pipeline.ts';
import { evaluateConstant } from './memory/constant.ts';

/** `DRAGOMAN_DEBUG=passes`: every plan after every pass, on standard error. */
const dump: OnPass = (pass, plan) => {
  process.stderr.write(`-- ${pass}\n${printPlan(plan)}\n`);
};

const isDebugging = (process.env['DRAGOMAN_DEBUG'] ?? '').split(',').includes('passes');

/** The passes as every engine, command and test runs them; constants are what the reference engine says. */
export const pipeline: Pipeline = createPipeline(evaluateConstant, isDebugging ? dump : undefined);
