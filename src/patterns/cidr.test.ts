import { expect, test } from 'vitest';
import { compileCidr } from './cidr.ts';

test('a whole address is inside a network, or outside', () => {
  const isIn = compileCidr('192.168.1.0/24');
  expect(isIn('192.168.1.5')).toBe(true);
  expect(isIn('::ffff:192.168.1.5')).toBe(true);
  expect(isIn('192.168.2.5')).toBe(false);
  expect(compileCidr('fe80::/10')('fe80::1%eth0')).toBe(true);
});

test('a text that holds more or less than an address is outside', () => {
  const isIn = compileCidr('0.0.0.0/0');
  const texts = [
    '\n192.168.1.5',
    ' 192.168.1.5',
    '192.168.1.5 ',
    '192.168.1.5\n',
    '192.168.1.5\u00a0',
    '::ffff:192.168.1.5\n',
    '192.168.001.005',
    '192.168.261',
    '0xC0A80105',
    '3232235781',
    '192.168.1.5/32',
    '192.168.1.5:80',
    '',
  ];
  expect(texts.filter(isIn)).toEqual([]);
  expect(compileCidr('::/0')('fe80::1%eth0\n')).toBe(false);
});

test('a network of a rule may have blanks around it', () => {
  expect(compileCidr(' 10.0.0.0/8 ')('10.1.2.3')).toBe(true);
  expect(compileCidr('10.0.0.0/33')('10.1.2.3')).toBe(false);
});
