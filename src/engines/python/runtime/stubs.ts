import type { PythonModule } from '../../../ir/python.ts';
import { runtimeModule } from './runtime-module.ts';

/** A module whose every attribute can be named, and raises when it is called. */
const refusing = (what: string): string => `
class _Refused:
    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Refused(f"{self._name}.{name}")

    def __call__(self, *args, **kwargs):
        raise RuntimeError(f"{self._name}() is not available: ${what}")


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return _Refused(f"{__name__}.{name}")
`;

const NETWORK = 'rules run without network access';

const BOTOCORE_EXCEPTIONS = `
class BotoCoreError(Exception):
    """The base of the AWS library's errors."""


class NoCredentialsError(BotoCoreError):
    pass


class ClientError(Exception):
    def __init__(self, error_response=None, operation_name=""):
        super().__init__(f"An error occurred when calling {operation_name}")
        self.response = error_response or {}
        self.operation_name = operation_name
`;

const JSONPATH = `
def parse(path):
    raise NotImplementedError("jsonpath_ng is not available in rules")
`;

/** Libraries that rules import but cannot have in the sandbox: the import works, a call says why it does not. */
export const stubs: readonly PythonModule[] = [
  runtimeModule('boto3', refusing(NETWORK)),
  runtimeModule('boto3.dynamodb', refusing(NETWORK)),
  runtimeModule('boto3.dynamodb.conditions', refusing(NETWORK)),
  runtimeModule('botocore', refusing(NETWORK)),
  runtimeModule('botocore.exceptions', BOTOCORE_EXCEPTIONS),
  runtimeModule('requests', `${refusing(NETWORK)}\n\nclass RequestException(IOError):\n    pass\n`),
  runtimeModule('jsonpath_ng', JSONPATH),
];
