import { diagnostic } from '../../../base/diagnostic.ts';
import { type Check, fileNameOf, textOf, textsOf } from './document.ts';

/** What only SigmaHQ's own repository asks of its rules. */

const LONGEST_TITLE = 120;
const SMALL_WORDS: ReadonlySet<string> = new Set(
  'a an and as at by for from in new of on or over the through to via with without'.split(' '),
);

export const checkTitle: Check = (document, report) => {
  const title = textOf(document, 'title');
  if (title === undefined) return;
  const { text, tree } = title;
  if (text.length > LONGEST_TITLE) {
    report(diagnostic('sigma/title-length', { length: text.length, most: LONGEST_TITLE }, tree.span));
  }
  const start = /^Detects? /.exec(text)?.[0];
  if (start !== undefined) report(diagnostic('sigma/title-start', { word: start.trim() }, tree.span));
  if (text.endsWith('.')) {
    const span = tree.text()?.span(text.length - 1, text.length) ?? tree.span;
    report(diagnostic('sigma/title-end', {}, span, { fixes: [{ title: 'remove it', edits: [{ span, text: '' }] }] }));
  }
  for (const found of text.matchAll(/[^ ]+/g)) {
    const word = found[0];
    const small = word === word.toLowerCase() && word !== word.toUpperCase();
    if (!small || SMALL_WORDS.has(word) || /[./_]|^\d/.test(word)) continue;
    const span = tree.text()?.span(found.index, found.index + 1) ?? tree.span;
    const fixes = [{ title: 'write a capital', edits: [{ span, text: word.charAt(0).toUpperCase() }] }];
    report(diagnostic('sigma/title-case', { word }, span, { fixes }));
  }
  for (const name of ['MITRE ATT&CK', 'ATT&CK'].filter((one) => text.includes(one)).slice(0, 1)) {
    report(diagnostic('sigma/trademark', { name }, tree.span));
  }
};

const STATUSES = ['unsupported', 'deprecated', 'experimental', 'test', 'stable'];
const DAYS_OF_EXPERIMENT = 60;

/** `now`: milliseconds since 1970. */
export function checkStatus(now: number): Check {
  return (document, report) => {
    const status = textOf(document, 'status');
    if (status === undefined) return;
    const rank = STATUSES.indexOf(status.text);
    if (rank === 0 || rank === 1) report(diagnostic('sigma/retired-status', { status: status.text }, status.tree.span));
    const made = Date.parse(textOf(document, 'date')?.text.replaceAll('/', '-') ?? '');
    const tested = document.tree.get('regression_tests_path') !== undefined;
    const days = Math.floor((now - made) / 86_400_000);
    const soonest = tested ? 0 : DAYS_OF_EXPERIMENT;
    if (Number.isNaN(made) || rank <= (tested ? 3 : 2) || days > soonest) return;
    report(diagnostic('sigma/early-status', { status: status.text, days }, status.tree.span));
  };
}

export const checkFieldsKey: Check = (document, report) => {
  const fields = document.tree.get('fields');
  if (fields?.asList()?.length) report(diagnostic('sigma/fields-key', {}, fields.span));
};

export const checkFolderTag: Check = (document, report) => {
  const folder = /(?:^|[\\/])rules-(dfir|emerging-threats|threat-hunting)[\\/]/.exec(document.file.name)?.[1];
  if (folder === undefined) return;
  const tag = `detection.${folder}`;
  if (textsOf(document, 'tags').some(({ text }) => text === tag)) return;
  report(diagnostic('sigma/folder-tag', { tag }, document.tree.get('tags')?.span ?? document.place));
};

export const checkTlpClear: Check = (document, report) => {
  for (const { text, tree } of textsOf(document, 'tags')) {
    if (text.startsWith('tlp.') && text !== 'tlp.clear')
      report(diagnostic('sigma/tlp-not-clear', { tag: text }, tree.span));
  }
};

/** How the names of rule files start, by the log source: product, category, service. The first that fits counts. */
const PREFIXES: readonly (readonly [source: string, prefix: string])[] = [
  ['windows process_creation', 'proc_creation_win_'],
  ['linux process_creation', 'proc_creation_lnx_'],
  ['macos process_creation', 'proc_creation_macos_'],
  ['windows file_event', 'file_event_win_'],
  ['linux file_event', 'file_event_lnx_'],
  ['macos file_event', 'file_event_macos_'],
  ['windows file_delete', 'file_delete_win_'],
  ['windows file_access', 'file_access_win_'],
  ['windows file_change', 'file_change_win_'],
  ['windows file_rename', 'file_rename_win_'],
  ['windows image_load', 'image_load_'],
  ['windows driver_load', 'driver_load_win_'],
  ['windows network_connection', 'net_connection_win_'],
  ['linux network_connection', 'net_connection_lnx_'],
  ['windows dns_query', 'dns_query_win_'],
  ['windows registry_set', 'registry_set_'],
  ['windows registry_add', 'registry_add_'],
  ['windows registry_delete', 'registry_delete_'],
  ['windows registry_event', 'registry_event_'],
  ['windows ps_script', 'posh_ps_'],
  ['windows ps_module', 'posh_pm_'],
  ['windows ps_classic_start', 'posh_pc_'],
  ['windows process_access', 'proc_access_win_'],
  ['windows process_tampering', 'proc_tampering_'],
  ['windows create_remote_thread', 'create_remote_thread_win_'],
  ['windows create_stream_hash', 'create_stream_hash_'],
  ['windows pipe_created', 'pipe_created_'],
  ['windows wmi_event', 'sysmon_wmi_'],
  ['windows - security', 'win_security_'],
  ['windows - system', 'win_system_'],
  ['windows', 'win_'],
  ['aws', 'aws_'],
  ['azure', 'azure_'],
  ['gcp', 'gcp_'],
  ['okta', 'okta_'],
  ['zeek', 'zeek_'],
  ['linux', 'lnx_'],
  ['macos', 'macos_'],
];

export const checkFileName: Check = (document, report) => {
  const name = fileNameOf(document);
  if (name.length < 10 || name.length > 90) {
    report(diagnostic('sigma/file-name-length', { length: name.length }, document.place));
  }
  if (!/^[a-z0-9_]{10,90}\.yml/.test(name) || !name.includes('_')) {
    report(diagnostic('sigma/file-name', { name }, document.place));
  }
  const prefix = document.kind === 'correlation' ? 'correlation_' : prefixOf(document.logsource);
  if (document.kind === 'filter' || prefix === undefined || name.startsWith(prefix)) return;
  report(diagnostic('sigma/file-name-prefix', { name, prefix }, document.place));
};

function prefixOf(source: Parameters<Check>[0]['logsource']): string | undefined {
  const { product = '-', category = '-', service = '-' } = source;
  const keys = [`${product} ${category} ${service}`, `${product} ${category}`];
  const exact = PREFIXES.find(([key]) => keys.includes(key));
  // Services and categories without a row have prefixes that start like the product's, or of their own.
  return (
    exact?.[1] ?? (category === '-' && service === '-' ? PREFIXES.find(([key]) => key === product)?.[1] : undefined)
  );
}

export const checkRegressionPath: Check = (document, report) => {
  const path = document.tree.get('regression_tests_path');
  if (path === undefined || path.kind === 'null') return;
  const text = path.scalar();
  const trees = 'rules|rules-emerging-threats|rules-threat-hunting|rules-compliance|rules-dfir';
  if (typeof text === 'string' && new RegExp(`^regression_data/(?:${trees})/[^\\s].*/info\\.yml$`).test(text)) return;
  report(diagnostic('sigma/regression-path', { path: String(text ?? path.kindInWords) }, path.span));
};

const SIMULATION: Readonly<Record<string, RegExp>> = {
  type: /^atomic-red-team$/,
  name: /\S/,
  technique: /^T\d{4}(?:\.\d{3})?$/,
  atomic_guid: /^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i,
};

export const checkSimulation: Check = (document, report) => {
  const simulation = document.tree.get('simulation');
  if (simulation === undefined || simulation.kind === 'null') return;
  const say = (reason: string, span = simulation.span): void =>
    report(diagnostic('sigma/simulation', { reason }, span));
  const entries = simulation.asList();
  if (entries === undefined) return say('it must be a list');
  if (entries.length === 0) say('the list is empty');
  for (const entry of entries) {
    if (entry.kind !== 'map') {
      say(`each entry must be a map, found ${entry.kindInWords}`, entry.span);
      continue;
    }
    for (const { key, keySpan } of entry.entries()) {
      if (!Object.hasOwn(SIMULATION, key)) say(`there is no \`${key}\``, keySpan);
    }
    for (const [key, pattern] of Object.entries(SIMULATION)) {
      const value = entry.get(key);
      const text = value?.scalar();
      if (value === undefined) say(`\`${key}\` is missing`, entry.span);
      else if (typeof text !== 'string' || !pattern.test(text))
        say(`\`${key}\` cannot be \`${String(text)}\``, value.span);
    }
  }
};
