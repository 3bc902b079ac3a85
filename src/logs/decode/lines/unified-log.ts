import { type LineForm, present } from './line-form.ts';

/**
 * macOS' unified log as `log show` prints it: time, thread, type, activity, process id, time to live, then `program: (library)
 * [subsystem:category] text`; by the names of `--style ndjson`.
 */
const LINE =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+[+-]\d{4}) +(0x[0-9a-f]+) +(Default|Info|Debug|Error|Fault|Activity) +(0x[0-9a-f]+) +(\d+) +\d+ +([^ :][^:]{0,255}): (?:\(([^)]*)\) )?(?:\[([^\]:]*):([^\]]*)\] )?(.*)$/s;

export const unifiedLog: LineForm = (line) => {
  const found = LINE.exec(line);
  if (found === null) return undefined;
  const [, time, thread, type, activity, process, program, sender, subsystem, category, message] = found;
  return present({
    timestamp: time,
    threadID: thread,
    messageType: type,
    activityIdentifier: activity,
    processID: process,
    processImagePath: program,
    senderImagePath: sender,
    subsystem,
    category,
    eventMessage: message,
  });
};
