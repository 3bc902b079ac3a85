/** Why log sources of Sigma have no declared type, by how rules name them. */
export const SIGMA_UNSERVED: Readonly<Record<string, string>> = {
  'category=authentication': 'sign-ins of any product: the rule itself is to be told whose, by `--log-source`',
  'product=django,category=application':
    'a Django project chooses the format of its log (`LOGGING`): --log-source says that a log is one',
  'product=jvm,category=application':
    'stack traces of Java, in whatever log the application writes: --log-source says that a log is one',
  'product=nodejs,category=application':
    'what a Node.js program writes to its output: --log-source says that a log is one',
  'product=python,category=application': 'tracebacks of Python, in any log: --log-source says that a log is one',
  'product=ruby_on_rails,category=application':
    'the log of a Rails application has no mark of its own: --log-source says that a log is one',
  'product=spring,category=application':
    'a Spring application chooses its layout (Logback, Log4j): --log-source says that a log is one',
  'product=sql,category=application':
    'error messages of any database, in the log of any application: --log-source says that a log is one',
  'product=velocity,category=application':
    'Velocity logs by the logger of the application that it is part of: --log-source says that a log is one',
  'product=paloalto,category=file_event,service=globalprotect':
    'files that GlobalProtect writes on a gateway: no log of PAN-OS has them, only an agent on the device',
};
