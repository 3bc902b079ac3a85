import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { ROW_LIMITS } from '../base/row-limits.ts';
import { type ExitCode, exit, InputError, UsageError } from './exit.ts';
import type { FileOutput } from './file-output.ts';
import type { Io, Output } from './io.ts';
import { kustoCommandOptions } from './kusto-options.ts';
import { printable } from './render/cells.ts';
import { type Markup, markupOf, safeIo } from './safe-output.ts';
import { selectionOptions } from './selection.ts';
import { version } from './version.ts';

/** Runs one command line. Resolves with the exit code, never rejects. */
export async function main(argv: readonly string[], given: Io): Promise<ExitCode> {
  let code: ExitCode = exit.done;
  let markup: Markup = 'text';
  let file: FileOutput | undefined;
  const io = safeIo({ ...given, stdout: switched(() => file ?? given.stdout) }, () => markup);
  const written: Promise<void>[] = [];
  const program = buildProgram(
    (run) =>
      async (...given: unknown[]) => {
        code = await run(...given);
      },
    io,
  );
  for (const command of [program, ...program.commands]) {
    if (command !== program) {
      command.showHelpAfterError(`(dragoman ${command.name()} --help shows every option)`);
      command.addHelpText('after', `\n${EXIT_CODES}`);
    }
    command.exitOverride().configureOutput({
      writeOut: (text) => written.push(io.stdout.write(text)),
      writeErr: (text) => written.push(io.stderr.write(text)),
      getOutHelpWidth: () => Math.min(io.stdout.columns ?? 100, 100),
      getErrHelpWidth: () => Math.min(io.stderr.columns ?? 100, 100),
    });
  }
  program.hook('preAction', async (_, command) => {
    markup = markupOf(command.getOptionValue('format'));
    const path: unknown = command.getOptionValue('output');
    if (typeof path === 'string') file = await (await import('./file-output.ts')).fileOutput(path);
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    // What was found is kept, also of a run that was interrupted.
    await file?.keep();
    return code;
  } catch (failed) {
    await file?.discard();
    if (failed instanceof CommanderError) {
      const hint = hintFor(failed.code, argv);
      if (hint !== undefined) await io.stderr.write(`hint: ${hint}\n`);
      return failed.exitCode === 0 ? exit.done : exit.usage;
    }
    if (failed instanceof UsageError) {
      const hint = failed.hint === undefined ? '' : `hint: ${printable(failed.hint)}\n`;
      await io.stderr.write(`error: ${printable(failed.message)}\n${hint}`);
      return exit.usage;
    }
    if (failed instanceof InputError) {
      await io.stderr.write(`error: ${printable(failed.message)}\n`);
      return exit.input;
    }
    const stack = failed instanceof Error ? (failed.stack ?? failed.message) : String(failed);
    const said = stack.split('\n').map(printable).join('\n');
    await io.stderr.write(`error: a fault in dragoman, please report it: ${said}\n`);
    return exit.input;
  } finally {
    await Promise.all(written);
  }
}

/** An output that goes where another one is at the time. */
function switched(current: () => Output): Output {
  return {
    write: (text) => current().write(text),
    get terminal() {
      return current().terminal;
    },
    get columns() {
      return current().columns;
    },
  };
}

const EXIT_CODES =
  'Exit codes: 0 done · 1 findings (lint errors, failed tests, invalid rules) · 2 usage · 3 input or engine error';

/** What commander does not say of a command line that it refuses. */
function hintFor(code: string, argv: readonly string[]): string | undefined {
  const [command = ''] = argv;
  if (code === 'commander.excessArguments') {
    if (command === 'run') return 'rules are given with --rules, logs with --logs';
    if (command === 'explain') return 'the rule is given with --rule, the event with --event';
    if (command === 'query') return 'a query with blanks needs quotes around it';
  }
  const takesAll = argv.find((arg) => /^(?:--(?:logs|pipeline|placeholders|test-names)|-l)$/.test(arg));
  if (code === 'commander.missingArgument' && takesAll !== undefined) {
    return `write the rules before ${takesAll}, which takes everything behind it`;
  }
  return undefined;
}

const LANGUAGES = ['kuery', 'lucene', 'eql', 'esql', 'kusto', 'sigma'];

type Action = (...given: never[]) => Promise<ExitCode>;
type Wrap = (run: (...given: unknown[]) => Promise<ExitCode>) => (...given: unknown[]) => Promise<void>;

/** Each command's module is imported when the command runs, so that help and usage errors are quick. */
function buildProgram(wrap: Wrap, io: Io): Command {
  const lazily = (load: () => Promise<Action>) =>
    wrap(async (...given) => (await load())(...([...given, io] as never[])));

  const program = new Command('dragoman')
    .description(
      'Runs Elastic, Panther, Sigma and Microsoft Sentinel/Defender detection rules, as they are written, on your own logs.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .showHelpAfterError('(dragoman --help shows every command and option)')
    .addHelpText(
      'after',
      [
        '',
        'Examples:',
        "  dragoman run --rules rules/ --logs 'logs/*.ndjson.gz'",
        '  dragoman explain --rule rules/capture.toml --event event.json',
        "  cat events.ndjson | dragoman query --language kuery 'event.outcome: success' --logs -",
        '',
        EXIT_CODES,
      ].join('\n'),
    );

  program
    .command('run')
    .hook('preAction', needs('rules'))
    .description('run rules over logs and print the matches; Python rules run in a sandbox')
    .option('-r, --rules <path...>', 'rule files, folders or globs (required)')
    .option('-l, --logs <path...>', 'log files, folders or globs; - is standard input (this or --index is required)')
    .addOption(logTypeOption())
    .addOption(logSourceOption())
    .addOption(configOption())
    .addOption(indexOption())
    .addOption(indexMappingOption())
    .addOption(exceptionsOption())
    .addOption(valueListOption())
    .option('--at <time...>', 'make one run of every rule at each of these times, with what its look-back sees')
    .option('--manual <from..to...>', 'make one run of every rule over this stretch of time')
    .addOption(nowOption())
    .addOption(
      new Option('--engine <engine>', 'what runs the rules: all at once, or one by one (slow; the reference)')
        .choices(['stream', 'memory'])
        .default('stream'),
    )
    .option('--strict-errors', 'run every Python rule as Python, so that no error of a rule is hidden (slow)')
    .option('--schedule', "run rules by their own schedules over the logs' time, each run with its look-back only")
    .option('--alerts', 'print one row for each alert, instead of one for each match')
    .option('--since <time>', 'only records from this time on: ISO 8601, or 24h, 7d before --now (else the clock)')
    .option('--until <time>', 'only records before this time, written likewise')
    .addOption(limitOption('rows'))
    .addOption(limitOption('seconds'))
    .addOption(sortOption())
    .option('--limit <number>', 'matches that the table shows (default: 50; all are counted)', parseLimit)
    .option('--wide', 'print matches as a table however narrow the terminal is')
    .option('--stats', 'print what each rule costs and where the time goes')
    .addOption(verboseOption())
    .option(
      '--workers <number>',
      'threads that read logs of JSON lines (default: one for each core, up to 4)',
      parseWorkers,
    )
    .addOption(pipelineOption())
    .addOption(placeholdersOption())
    .addOption(formatOption('table', 'ndjson', 'json', 'csv', 'sarif', 'junit', 'ecs-alert', 'ocsf', 'timesketch'))
    .action(lazily(async () => (await import('./commands/run.ts')).run));

  program
    .command('test')
    .description(
      "run the rules' own tests: Panther's inline tests, and RULE.tests.yaml beside any rule; Python rules run in a sandbox",
    )
    .argument('<path...>', 'rule files, folders or globs')
    .option('--test-names <text...>', 'only tests whose names contain one of these')
    .addOption(logSourceOption())
    .addOption(configOption())
    .option('--coverage', 'also say which lines of Python rules no test reaches')
    .addOption(limitOption('rows'))
    .addOption(limitOption('seconds'))
    .addOption(verboseOption())
    .addOption(indexMappingOption())
    .addOption(exceptionsOption())
    .addOption(valueListOption())
    .addOption(formatOption('table', 'json', 'junit'))
    .action(lazily(async () => (await import('./commands/test.ts')).test));

  program
    .command('lint')
    .description('say what is wrong with rules, without running them')
    .argument('<path...>', 'rule files, folders or globs')
    .option('-l, --logs <path...>', 'also compare the values that rules ask for with those in these logs')
    .addOption(logTypeOption())
    .addOption(runPythonOption())
    .addOption(logSourceOption())
    .addOption(configOption())
    .addOption(pipelineOption())
    .addOption(placeholdersOption())
    .addOption(new Option('--profile <name>', "also look at a repository's own conventions").choices(['sigmahq']))
    .option('--second-opinion', "also ask Microsoft's own binder about Kusto rules (@kusto/language-service-next)")
    .addOption(indexOption())
    .addOption(indexMappingOption())
    .addOption(exceptionsOption())
    .addOption(valueListOption())
    .addOption(formatOption('table', 'json', 'sarif'))
    .action(lazily(async () => (await import('./commands/lint.ts')).lint));

  program
    .command('check')
    .description('load rules and report which run, which are not supported yet and which are invalid')
    .argument('<path...>', 'rule files, folders or globs')
    .addOption(runPythonOption())
    .addOption(pipelineOption())
    .addOption(placeholdersOption())
    .addOption(indexMappingOption())
    .addOption(exceptionsOption())
    .addOption(valueListOption())
    .addOption(formatOption('table', 'json'))
    .action(lazily(async () => (await import('./commands/check.ts')).check));

  program
    .command('explain')
    .hook('preAction', needs('rule'))
    .description('say why a rule matches an event or does not, condition by condition; Python rules run in a sandbox')
    .option('-r, --rule <path...>', 'rule files, folders or globs: each rule, with the filters among them (required)')
    .option(
      '-e, --event <file>',
      'a file of one event or several, or FILE:LINE of one; - is standard input (this or --index is required)',
    )
    .addOption(limitOption('rows'))
    .addOption(limitOption('seconds'))
    .addOption(verboseOption())
    .addOption(logTypeOption())
    .addOption(logSourceOption())
    .addOption(configOption())
    .addOption(nowOption())
    .addOption(pipelineOption())
    .addOption(placeholdersOption())
    .addOption(indexOption())
    .addOption(indexMappingOption())
    .addOption(exceptionsOption())
    .addOption(valueListOption())
    .addOption(formatOption('text', 'json'))
    .action(lazily(async () => (await import('./commands/explain.ts')).explain));

  program
    .command('show')
    .description('print a rule as normalized logic, with its metadata and the fields it needs')
    .argument('<path>', 'a rule file; in a folder, each rule')
    .addOption(logTypeOption('what the rule comes to on records of this log type'))
    .addOption(runPythonOption())
    .addOption(pipelineOption())
    .addOption(placeholdersOption())
    .addOption(formatOption('text', 'json'))
    .action(lazily(async () => (await import('./commands/show.ts')).show));

  program
    .command('query')
    .hook('preAction', needs('language'))
    .description('run a query over logs or tables')
    .argument('[text]', 'the query')
    .addOption(
      new Option('--language <language>', 'the language of the query (required)')
        .choices(LANGUAGES)
        .argParser(parseLanguage),
    )
    .option('--file <file>', 'read the query from a file')
    .option('-l, --logs <path...>', 'log files, folders or globs; - is standard input')
    .option(
      '--table <name=path...>',
      "rows of a table (Kusto: NDJSON, CSV, Parquet, DuckDB) or index (ES|QL) that the query names; repeatable ('DeviceProcessEvents=rows.ndjson')",
    )
    .addOption(indexOption())
    .option(
      '--index-mapping <file>',
      "an Elasticsearch mapping (GET index/_mapping): an index's fields and their types",
    )
    .option('--event-category <field>', 'EQL: the field with the category of an event (default: event.category)')
    .option('--timestamp <field>', 'EQL: the field with the time of an event (default: @timestamp)')
    .option('--tiebreaker <field>', 'EQL: the field that orders events of one time (default: the order of input)')
    .option('--size <n>', 'EQL: give no more than so many, the last ones unless the query has `head` (default: all)')
    .option('--max-samples-per-key <n>', 'EQL: how many samples a join key gives (default: 1)')
    .addOption(logTypeOption())
    .addOption(logSourceOption())
    .addOption(configOption())
    .addOption(
      new Option(
        '--engine <engine>',
        'Kusto over tables: duckdb runs what SQL says exactly (also Parquet and DuckDB files), memory is the reference',
      ).choices(['duckdb', 'memory']),
    )
    .option('--plan', 'Kusto over tables: only print what DuckDB would be asked, and what the memory engine would do')
    .addOption(limitOption('rows'))
    .addOption(limitOption('seconds'))
    .addOption(nowOption())
    .addOption(formatOption('table', 'json', 'ndjson'))
    .action(lazily(async () => (await import('./commands/query.ts')).query));

  program
    .command('types')
    .description('list the log types, and the views each offers to rules; say what logs are recognised as')
    .argument('[name]', 'one log type: its forms, the fields of its views, samples')
    .option('--for <path...>', 'say what these logs are recognised as, and why')
    .option('-r, --rules <path...>', 'with NAME: which rules can match it; with --for: the rules that the logs are for')
    .option('--coverage <path...>', 'say which logs these rules are about, and which log types serve them')
    .addOption(logTypeOption())
    .addOption(logSourceOption())
    .addOption(configOption())
    .addOption(formatOption('table', 'json'))
    .action(lazily(async () => (await import('./commands/types.ts')).types));

  for (const name of ['run', 'test', 'lint', 'check', 'explain', 'show']) {
    const command = program.commands.find((one) => one.name() === name);
    for (const option of selectionOptions()) command?.addOption(option);
  }
  for (const command of program.commands) {
    command.option('-o, --output <file>', 'write the results into this file, at once when they are complete');
  }
  for (const name of ['run', 'test', 'lint', 'check', 'explain', 'show', 'query']) {
    const command = program.commands.find((one) => one.name() === name);
    for (const option of kustoCommandOptions()) command?.addOption(option);
    command?.option('--param <name=value...>', 'values of the parameters of ES|QL queries: ?NAME, ??NAME, ?1');
  }
  return program;
}

/** Commander's own required options are looked at before unknown ones: `--rulez` would be told that `--rules` is missing. */
function needs(...names: readonly string[]): (command: Command) => void {
  return (command) => {
    const missing = names.filter((name) => command.getOptionValue(name) === undefined);
    if (missing.length === 0) return;
    const options = missing.map((name) => `--${name}`).join(' and ');
    throw new UsageError(`${options} must be given`, `dragoman ${command.name()} --help shows every option`);
  };
}

function formatOption(...formats: readonly [string, ...string[]]): Option {
  return new Option('--format <format>', 'how results are printed').choices(formats).default(formats[0]);
}

function sortOption(): Option {
  return new Option('--sort <order>', 'which matches the table shows first')
    .choices(['severity', 'time', 'rule', 'input'])
    .default('severity');
}

function indexOption(): Option {
  return new Option(
    '--index <name=path...>',
    'documents of an index of Elasticsearch, as they were indexed; no view is applied',
  );
}

function exceptionsOption(): Option {
  return new Option('--exceptions <file...>', "Kibana's exception items, as its exports or API give them");
}

function valueListOption(): Option {
  return new Option('--value-list <name=file...>', 'the values of a value list that exceptions ask for, one a line');
}

function indexMappingOption(): Option {
  return new Option(
    '--index-mapping <file...>',
    "types of fields: what GET index/_mapping answers, or a package's fields.yml; NAME=FILE for one index",
  );
}

function logTypeOption(what = 'read every record as this log type instead of recognising it'): Option {
  return new Option('--log-type <type>', what);
}

function logSourceOption(): Option {
  return new Option(
    '--log-source <source>',
    "what records of undeclared types are: product=…,category=…,service=… of Sigma's rules, index=… of Elastic's",
  );
}

function configOption(): Option {
  return new Option(
    '--config <file>',
    'the configuration (default: dragoman.yaml of the current folder, if there is one)',
  );
}

function pipelineOption(): Option {
  return new Option('--pipeline <path...>', "processing pipelines (pySigma's YAML) that Sigma rules go through");
}

function placeholdersOption(): Option {
  return new Option('--placeholders <path...>', 'YAML files with the values of the placeholders of Sigma rules');
}

function runPythonOption(): Option {
  return new Option('--run-python', 'also load the modules of Python rules, in a sandbox: their code runs');
}

function verboseOption(): Option {
  return new Option('--verbose', 'also say what holds Python rules on this machine');
}

function nowOption(): Option {
  return new Option('--now <time>', 'the time that rules take for now (ISO 8601; default: the time of the last event)');
}

function parseLanguage(text: string): string {
  if (LANGUAGES.includes(text)) return text;
  const kql = text.toLowerCase() === 'kql' ? " Elastic's KQL is kuery, Microsoft's is kusto." : '';
  throw new InvalidArgumentError(`Allowed choices are ${LANGUAGES.join(', ')}.${kql}`);
}

function limitOption(what: 'rows' | 'seconds'): Option {
  const words = {
    rows: 'rows that a rule over many rows may keep or make',
    seconds: 'what a rule may take for one record, or at the end',
  };
  // `toLocaleString` loads all of its languages, which takes longer than the rest of `--help`.
  const most = String(ROW_LIMITS[what]).replace(/\B(?=(?:\d{3})+$)/g, ',');
  return new Option(`--limit-${what} <number>`, `${words[what]} (default: ${most})`).argParser(parseLimit);
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return limit;
}

function parseWorkers(text: string): number {
  const workers = Number(text);
  if (!/^\d+$/.test(text) || workers < 1 || workers > 256) {
    throw new InvalidArgumentError('It must be a whole number from 1 to 256.');
  }
  return workers;
}
