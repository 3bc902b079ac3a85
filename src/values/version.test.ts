import { expect, test } from 'vitest';
import { compareVersions } from './version.ts';

test('versions in their order', () => {
  const inOrder = [
    '1.2.3-alpha',
    '1.2.3-alpha.2',
    '1.2.3-alpha.10',
    '1.2.3-alpha.b',
    '1.2.3',
    '1.2.3+b',
    '1.2.10',
    '1.11',
    '1.11.0',
    '2',
    'bad',
    'v1',
  ];
  for (const [place, version] of inOrder.entries()) {
    for (const [other, another] of inOrder.entries()) {
      expect(Math.sign(compareVersions(version, another)), `${version} and ${another}`).toBe(Math.sign(place - other));
    }
  }
});
