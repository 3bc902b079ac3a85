class BotoCoreError(Exception):
    """The base of the AWS library's errors."""


class NoCredentialsError(BotoCoreError):
    pass


class ClientError(Exception):
    def __init__(self, error_response=None, operation_name=""):
        super().__init__(f"An error occurred when calling {operation_name}")
        self.response = error_response or {}
        self.operation_name = operation_name
