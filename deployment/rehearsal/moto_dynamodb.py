"""What moto forgets of a table: a key that comes, changes or goes after it was made."""

from moto.dynamodb.responses import DynamoHandler, DynamoResult


def complete_dynamodb():
    change = DynamoHandler.update_table

    def changed(handler):
        answer = change(handler)
        encryption = handler.body.get("SSESpecification")
        if encryption is None:
            return answer
        table = handler.dynamodb_backend.get_table(handler.body["TableName"])
        table.sse_specification = encryption if encryption.get("Enabled") else None
        return DynamoResult(table.describe())

    DynamoHandler.update_table = changed
