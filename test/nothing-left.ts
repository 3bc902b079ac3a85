import { afterAll } from 'vitest';
import { changedParts, whatIsShared } from './what-is-shared.ts';

/**
 * Test files of a worker share its modules: importing all of them anew for each file took as long as the tests. So no file may
 * leave anything else behind either.
 */
const before = whatIsShared();

afterAll(() => {
  const changed = changedParts(before, whatIsShared());
  if (changed.length > 0) throw new Error(`the tests of this file leave changed: ${changed.join(', ')}`);
});
