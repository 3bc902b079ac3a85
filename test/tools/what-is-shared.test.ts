import { describe, expect, test } from 'vitest';
import { changedParts, whatIsShared } from '../what-is-shared.ts';

/** Changes something, and gives what puts it back. */
type Change = () => () => void;

const changes: Record<string, Change> = {
  'the environment variable DRAGOMAN_LEFT': () => {
    process.env['DRAGOMAN_LEFT'] = 'yes';
    return () => {
      delete process.env['DRAGOMAN_LEFT'];
    };
  },
  'listeners to SIGHUP': () => {
    const listener = (): void => {};
    process.on('SIGHUP', listener);
    return () => process.off('SIGHUP', listener);
  },
  'the names of the global object': () => {
    Object.assign(globalThis, { left: true });
    return () => Reflect.deleteProperty(globalThis, 'left');
  },
  'Array.prototype': () => {
    Object.assign(Array.prototype, { left: true });
    return () => Reflect.deleteProperty(Array.prototype, 'left');
  },
  'the clock': () => {
    const { now } = Date;
    Date.now = () => 0;
    return () => {
      Date.now = now;
    };
  },
  'random numbers': () => {
    const { random } = Math;
    Math.random = () => 0;
    return () => {
      Math.random = random;
    };
  },
};

describe('what a test file leaves behind is seen', () => {
  test.each(Object.entries(changes))('%s', (part, change) => {
    const before = whatIsShared();
    const putBack = change();
    const after = whatIsShared();
    putBack();
    expect(changedParts(before, after)).toEqual([part]);
    expect(changedParts(before, whatIsShared())).toEqual([]);
  });
});
