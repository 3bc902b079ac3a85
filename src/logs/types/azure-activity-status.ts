import { text } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import { choose, isOneOf, own } from './view-terms.ts';

/** What the API's answers call the result; records that were exported have no such field. */
export const ANSWER_STATUS = 'answerStatus';

export const answerStatus: Expr = own(ANSWER_STATUS);

/** What an exported record says where an answer says otherwise. */
const RESULTS = { Started: 'Start', Accepted: 'Accept', Succeeded: 'Success', Failed: 'Failure' };

/** The result as exported records have it. */
export const resultType: Expr = choose(
  [
    ...Object.entries(RESULTS).map(([status, result]) => [isOneOf(answerStatus, [status]), text(result)] as const),
    [{ kind: 'exists', subject: answerStatus, counts: 'value' }, answerStatus],
  ],
  own('resultType'),
);
