"""What moto forgets of a function: the key of its variables, how it logs, and whether it is traced after a change."""

from moto.awslambda.models import LambdaFunction


def complete_lambda():
    make, tell, change = LambdaFunction.__init__, LambdaFunction.get_configuration, LambdaFunction.update_configuration

    def made(function, account_id, spec, *more, **named):
        make(function, account_id, spec, *more, **named)
        function.kms_key_arn = spec.get("KMSKeyArn")
        function.logging_config = spec.get("LoggingConfig", {})

    def told(function, *more, **named):
        found = tell(function, *more, **named)
        found["LoggingConfig"] = {
            "LogFormat": "Text",
            "LogGroup": f"/aws/lambda/{function.function_name}",
            **function.logging_config,
        }
        return {**found, "KMSKeyArn": function.kms_key_arn} if function.kms_key_arn else found

    def changed(function, updates):
        if "KMSKeyArn" in updates:
            function.kms_key_arn = updates["KMSKeyArn"]
        if "LoggingConfig" in updates:
            function.logging_config = updates["LoggingConfig"]
        if "TracingConfig" in updates:
            function.tracing_config = updates["TracingConfig"]
        return change(function, updates)

    LambdaFunction.__init__ = made
    LambdaFunction.get_configuration = told
    LambdaFunction.update_configuration = changed
