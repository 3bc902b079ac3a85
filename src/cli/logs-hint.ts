/** What to ask who gave logs of which nothing could be read. */
export const NOTHING_READ = 'hint: no record was read: are these the log files?\n';
