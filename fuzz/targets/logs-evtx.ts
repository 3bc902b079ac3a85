import { stringifyJson } from '../../src/base/json.ts';
import {
  evtxChunk,
  evtxFile,
  type Part,
  sealChunk,
  text16,
  u32,
  u64,
  type WrittenValue,
  windowsEvent,
} from '../../src/logs/decode/evtx/evtx-writer.fixture.ts';
import { hold } from '../engine/target.ts';
import type { Mutator } from '../mutate/mutator.ts';
import { decoded, type LogFunctions, logFunctions } from './log-oracle.ts';
import { logTargetOf } from './log-target.ts';

const HEAD = 4096;
const CHUNK = 0x10000;

const data = (name: string, content: readonly Part[]): Part => ({
  element: 'Data',
  attributes: { Name: [name] },
  content,
});
const eventOf = (id: number, ...content: Part[]): ReturnType<typeof windowsEvent> =>
  windowsEvent(id, 'Microsoft-Windows-Sysmon/Operational', [{ element: 'EventData', content }]);

const VALUES: readonly WrittenValue[] = [
  [0x01, text16('text')],
  [0x02, Buffer.from('ansi')],
  [0x04, Buffer.from([255])],
  [0x08, u32(0xffff_ffff)],
  [0x0b, Buffer.alloc(4)],
  [0x0c, Buffer.alloc(8, 1)],
  [0x0d, u32(1)],
  [0x0e, Buffer.from([1, 2, 3])],
  [0x0f, Buffer.alloc(16, 7)],
  [0x11, u64(133_772_376_101_653_249n)],
  [0x12, Buffer.alloc(16, 1)],
  [0x13, Buffer.from([1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0])],
  [0x14, u32(16)],
  [0x81, text16('a\0b\0')],
  [0x21, [{ element: 'Inner', content: ['x'] }]],
];

/** Chunks are mostly empty: inputs would be 64 KiB each. The end of a chunk that is nothing but zeros is left away, and put back. */
function whole(input: Buffer): Buffer {
  const chunk = input.subarray(HEAD);
  return Buffer.concat([input.subarray(0, HEAD), chunk, Buffer.alloc((CHUNK - (chunk.length % CHUNK)) % CHUNK)]);
}

function shortened(file: Buffer): Buffer {
  let end = file.length;
  while (end > HEAD && file[end - 1] === 0) end -= 1;
  return file.subarray(0, end);
}

const file = (...records: ReturnType<typeof windowsEvent>[]): Buffer => shortened(evtxFile([evtxChunk(records)]));

/** Checksums that are right, so that what stands behind them is reached. */
const seal: Mutator = (input) => {
  if (input.length < HEAD + 512) return input;
  const made = whole(input);
  const chunk = made.subarray(HEAD, HEAD + CHUNK);
  if (chunk.readUInt32LE(48) > CHUNK || chunk.readUInt32LE(48) < 512) chunk.writeUInt32LE(CHUNK, 48);
  sealChunk(chunk);
  return shortened(made);
};

/** Changes a byte behind the head of the chunk. */
const changeRecord: Mutator = (input, { random }) => {
  if (input.length <= HEAD + 512) return input;
  const made = Buffer.from(input);
  made[HEAD + 512 + random.below(made.length - HEAD - 512)] = random.oneIn(2)
    ? random.below(256)
    : random.pick([0, 1, 2, 6, 12, 14, 15, 0x21, 0x81, 0xff]);
  return made;
};

const NAMED = Array.from({ length: VALUES.length }, (_, at) => data(`v${at}`, [{ value: at, optional: at % 2 === 0 }]));

/** Texts lose characters on their way. */
const withoutSigns: LogFunctions = {
  decoder: (file) => {
    const one = logFunctions.decoder(file);
    const take = (): ReturnType<typeof one.take> => {
      const batch = one.take();
      const events = batch.events.map(({ event, source }) => ({
        event: JSON.parse(stringifyJson(event).replace(/[#%&!@^*+~`|<>?;QWZJK]/g, '')),
        source,
      }));
      return { ...batch, events };
    };
    return { push: (bytes) => one.push(bytes), end: () => one.end(), take };
  },
};

export default logTargetOf({
  name: 'logs-evtx',
  about:
    'Windows event logs (EVTX): damaged files, and files with checksums made right again; what is written is read as it was',
  seeds: [
    file(eventOf(7, data('Image', ['C:\\7.exe ']))),
    file(
      eventOf(1, data('a', ['x', { char: 65 }, { entity: 'amp' }, { cdata: '<b>' }])),
      eventOf(2),
      eventOf(3, { element: 'Data', content: ['unnamed'] }),
    ),
    file({ id: 9, parts: [{ template: 't', parts: [{ element: 'Event', content: NAMED }], values: VALUES }] }),
    file({
      id: 4,
      parts: [
        { element: 'Event', attributes: { a: ['b'] }, content: [{ element: 'UserData', content: [{ element: 'X' }] }] },
      ],
    }),
  ],
  words: [],
  mutators: [changeRecord, changeRecord, seal],
  mostBytes: HEAD + 16 * 1024,
  mostMs: 3_000,
  short: 150,
  plantedWithin: 4_000,
  planted: withoutSigns,
  also(input, _, functions) {
    holdFile(input, functions);
  },
});

/** The file with the chunk made whole again, and a file that has texts of the input as data. */
function holdFile(input: Buffer, functions: LogFunctions): void {
  if (input.length > HEAD) decoded(functions, whole(input));
  const text = input
    .subarray(-60)
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, '');
  if (text === '') return;
  const { events } = decoded(
    functions,
    evtxFile([evtxChunk([eventOf(7, data('x', [text])), eventOf(8, data('y', [{ value: 4 }]))])]),
  );
  const read = JSON.stringify(events.map(({ event }) => Object(event['Event'])['EventData']));
  hold(read?.includes(`{"x":${JSON.stringify(text)}}`) === true, () => `${JSON.stringify(text)} is read as ${read}`);
}
